package dev.pitr.storage;

import dev.pitr.testkit.ObjectStorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSystemStorageTest extends ObjectStorageContract {
    @TempDir
    Path root;

    @Override
    protected ObjectStorage openStorage() {
        return FileSystemStorage.at(root);
    }

    @Override
    protected ObjectStorage openAgain(ObjectStorage first) {
        return FileSystemStorage.at(root);
    }
}
