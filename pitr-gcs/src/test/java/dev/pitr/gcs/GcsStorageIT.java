package dev.pitr.gcs;

import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.ObjectStorageContract;

class GcsStorageIT extends ObjectStorageContract {
    private final GcsStorageBuilder place = TestGcs.storage().bufferBytes(1 << 20);

    @Override
    protected ObjectStorage openStorage() {
        return place.build();
    }

    @Override
    protected ObjectStorage openAgain(ObjectStorage first) {
        return place.build();
    }
}
