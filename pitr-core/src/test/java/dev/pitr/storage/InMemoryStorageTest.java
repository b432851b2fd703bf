package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.testkit.ObjectStorageContract;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class InMemoryStorageTest extends ObjectStorageContract {
    @Override
    protected ObjectStorage openStorage() {
        return new InMemoryStorage();
    }

    @Test
    void goesByTheClockItIsGiven() {
        Instant now = Instant.parse("2026-11-20T14:26:42Z");
        try (InMemoryStorage storage = new InMemoryStorage(Clock.fixed(now, ZoneOffset.UTC))) {
            storage.put(new ObjectKey("a"), Content.of(new byte[3]));

            assertThat(storage.stat(new ObjectKey("a"))).contains(new ObjectInfo(new ObjectKey("a"), 3, now));
        }
    }
}
