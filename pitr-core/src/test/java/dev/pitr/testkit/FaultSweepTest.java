package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultSweepTest {
    private static final byte[] PART = StorageFixture.bytes(1_200_000, 1);

    @TempDir
    Path folder;

    private int trial;

    /** Stores two parts, reads them back, and stores a record of them last. */
    private static class RecordLast implements FaultSweep.Trial {
        private final ObjectStorage storage;

        RecordLast(ObjectStorage storage) {
            this.storage = storage;
        }

        @Override
        public ObjectStorage storage() {
            return storage;
        }

        @Override
        public void run(ObjectStorage storage) throws IOException {
            for (String part : List.of("b/1", "b/2")) {
                try (ObjectUpload upload = storage.upload(new ObjectKey(part))) {
                    upload.write(PART);
                    upload.commit();
                }
                verify(storage, part);
            }
            storage.put(new ObjectKey("b/record"), Content.of(new byte[] {1}));
        }

        void verify(ObjectStorage storage, String part) throws IOException {
            try (InputStream in = storage.open(new ObjectKey(part))) {
                if (!Arrays.equals(in.readAllBytes(), PART)) {
                    throw new PitrException("test.damaged", "Cannot verify " + part);
                }
            }
        }

        @Override
        public void check(@Nullable PitrException failure) throws IOException {
            try (Stream<ObjectInfo> objects = storage.list("", "")) {
                List<String> keys = objects.map(info -> info.key().value()).toList();
                if (failure == null || keys.contains("b/record")) {
                    assertThat(keys).containsExactly("b/1", "b/2", "b/record");
                    verify(storage, "b/1");
                    verify(storage, "b/2");
                }
            }
        }

        @Override
        public void close() {
            storage.close();
        }
    }

    @Test
    void goesThroughEveryFaultAtEveryPosition() {
        FaultSweep.Report report = FaultSweep.of("record last", () -> new RecordLast(freshStorage()))
                .run();

        assertThat(report.positions()).isGreaterThan(8);
        assertThat(report.runs()).containsOnlyKeys(Fault.values());
        assertThat(report.runs().get(Fault.FAIL_BEFORE)).isEqualTo(report.positions());
        assertThat(report.runs().get(Fault.DIE_AFTER)).isEqualTo(report.positions());
        assertThat(report.runs().get(Fault.UNKNOWN_BEFORE)).isEqualTo(3);
        assertThat(report.faults()).isGreaterThan(5 * report.positions());
    }

    @Test
    void goesThroughAStoreThatKeepsWhatADeadProcessLeft() {
        FaultSweep.Report report = FaultSweep.of("record last, on disk", () -> new RecordLast(freshStorage()))
                .with(Fault.DIE_BEFORE)
                .run();

        assertThat(report.faults()).isEqualTo(report.positions());
    }

    private ObjectStorage freshStorage() {
        return FileSystemStorage.create(folder.resolve("trial" + trial++));
    }

    @Test
    void leavesPositionsOutOnRequest() {
        FaultSweep sweep = FaultSweep.of("some", () -> new RecordLast(new InMemoryStorage()));

        FaultSweep.Report all = sweep.with(Fault.FAIL_BEFORE).run();
        FaultSweep.Report third = sweep.with(Fault.FAIL_BEFORE).everyNth(3).run();

        assertThat(third.positions()).isEqualTo(all.positions());
        assertThat(third.faults()).isEqualTo((all.faults() + 2) / 3);
    }

    @Test
    void findsAJobThatWritesItsRecordTooEarly() {
        assertFails("early record", "_BEFORE at call 2", () -> new RecordLast(new InMemoryStorage()) {
            @Override
            public void run(ObjectStorage storage) throws IOException {
                storage.put(new ObjectKey("b/record"), Content.of(new byte[] {1}));
                super.run(storage);
            }
        });
    }

    @Test
    void findsAJobThatTrustsWhatItReads() {
        assertFails("trusting", "TEAR at call", () -> new RecordLast(new InMemoryStorage()) {
            private boolean checking;

            @Override
            void verify(ObjectStorage storage, String part) throws IOException {
                if (checking) {
                    super.verify(storage, part);
                    return;
                }
                try (InputStream in = storage.open(new ObjectKey(part))) {
                    storage.put(new ObjectKey(part), Content.of(in.readAllBytes()));
                }
            }

            @Override
            public void check(@Nullable PitrException failure) throws IOException {
                checking = true;
                super.check(failure);
                checking = false;
            }
        });
    }

    @Test
    void findsAJobThatFailsWithAnUntypedError() {
        assertFails("untyped", "FAIL_BEFORE at call 1", () -> new RecordLast(new InMemoryStorage()) {
            @Override
            public void run(ObjectStorage storage) throws IOException {
                try {
                    super.run(storage);
                } catch (PitrException e) {
                    throw new IOException("something", e);
                }
            }
        });
    }

    private static void assertFails(String name, String message, Supplier<FaultSweep.Trial> trials) {
        assertThatThrownBy(() -> FaultSweep.of(name, trials).run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }
}
