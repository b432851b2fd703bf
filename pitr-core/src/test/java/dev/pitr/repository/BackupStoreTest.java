package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.BackupBuilder;
import dev.pitr.catalog.Tablespace;
import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackupStoreTest {
    private static final String ID = "20261120T142642Z-4f1c";
    private static final String FOLDER = "main/18-7512345678901234567/backups/";
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final MovableClock clock = new MovableClock();
    private final BackupStore store = Repository.builder(storage, "main")
            .clock(clock)
            .random(new Random(7))
            .build()
            .init(Identities.CLUSTER)
            .backups();

    @Test
    void existsOnceItsRecordIsWritten() throws IOException {
        store.start(ID, "host 1", LEASE);
        List<Backup.StoredObject> objects = uploadAll();
        assertThat(store.list().backups()).isEmpty();
        assertThat(store.unfinished()).extracting(BackupStore.Started::id).containsExactly(ID);
        Backup backup = backup(objects);
        store.complete(backup);
        store.complete(backup);
        assertThat(store.read(ID)).isEqualTo(backup);
        assertThat(store.list().backups()).containsExactly(backup);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        store.start(ID, "host 1", LEASE);
        Backup backup = backup(uploadAll());
        store.complete(backup);
        List<BackupPart> parts = new ArrayList<>();
        store.readParts(backup, parts::add);
        assertThat(parts).containsExactlyElementsOf(parts());
        try (InputStream in = store.openManifest(backup)) {
            assertThat(in.readAllBytes()).isEqualTo(manifest());
        }
        try (InputStream in = store.open(backup, "base/00001.tar.zst")) {
            assertThat(in.readAllBytes()).isEqualTo(partBytes());
        }
        try (InputStream in = store.open(backup, "base/00001.tar.zst", 10, 5)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(partBytes(), 10, 15));
        }
    }

    @Test
    void writesTheRecordsOfFormatOne() {
        BackupStore.Started started = store.start(ID, "host 1", LEASE);
        store.recordStart(started, Lsn.parse("0/3000028"));
        Golden.assertSame("started.json", bytes("started.json"));
        uploadAll();
        Golden.assertSame("parts.json", unzstd(bytes("parts.json.zst")));
        // Of fixed objects, since compressed sizes and hashes change with the version of zstd.
        Backup backup = backup(List.of(new Backup.StoredObject("base/00001.tar.zst", 12, "ab")));
        Golden.assertSame("backup.json", BackupRecord.toJson(backup));
        assertThat(BackupRecord.fromJson(SealedJson.read("golden", Golden.bytes("backup.json"))))
                .isEqualTo(backup);
    }

    @Test
    void detectsEveryFlippedBitAndTruncationOfItsIndexAndManifest() {
        store.start(ID, "host 1", LEASE);
        Backup backup = backup(uploadAll());
        store.complete(backup);
        assertEveryDamageIsFound("parts.json.zst", () -> store.readParts(backup, part -> {}));
        assertEveryDamageIsFound("manifest.json.zst", () -> {
            try (InputStream in = store.openManifest(backup)) {
                in.readAllBytes();
            }
        });
        assertEveryDamageIsFound("backup.json", () -> store.read(ID));
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void assertEveryDamageIsFound(String name, Reading reading) {
        byte[] intact = bytes(name);
        for (int i = 0; i < intact.length; i++) {
            byte[] damaged = intact.clone();
            damaged[i] ^= (byte) (1 << (i % 8));
            assertDamaged(name, damaged, reading);
            assertDamaged(name, Arrays.copyOf(intact, i), reading);
        }
        assertDamaged(name, Arrays.copyOf(intact, intact.length + 1), reading);
        storage.put(key(name), Content.of(intact));
    }

    private void assertDamaged(String name, byte[] damaged, Reading reading) {
        storage.put(key(name), Content.of(damaged));
        assertThatThrownBy(reading::run)
                .isInstanceOf(PitrException.class)
                .hasMessageContaining(name)
                .extracting(e -> ((PitrException) e).code())
                .isIn("repository.corrupt", "storage.corrupt");
    }

    @Test
    void refusesToCompleteWithAnObjectAbsentOrOfAnotherSize() {
        store.start(ID, "host 1", LEASE);
        List<Backup.StoredObject> objects = new ArrayList<>(uploadAll());
        objects.add(new Backup.StoredObject("base/00002.tar.zst", 5, "ab"));
        assertThatThrownBy(() -> store.complete(backup(objects)))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("base/00002.tar.zst should have 5 bytes, but is absent")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.backup-incomplete");
        storage.put(key("base/00002.tar.zst"), Content.of(new byte[4]));
        assertThatThrownBy(() -> store.complete(backup(objects))).hasMessageContaining("but has 4");
        assertThatThrownBy(() -> store.read(ID)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void removesRemainsOnlyAfterTheirLease() {
        store.start(ID, "host 1", LEASE);
        uploadAll();
        clock.now = clock.now.plus(LEASE).minusNanos(1000);
        assertThatThrownBy(() -> store.removeUnfinished(ID))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("host 1 is at work on it")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.lease-held");
        clock.now = clock.now.plusNanos(1000);
        store.removeUnfinished(ID);
        assertThat(storage.list(FOLDER, "")).isEmpty();
        store.removeUnfinished(ID);
    }

    @Test
    void renewsALease() {
        BackupStore.Started started = store.start(ID, "host 1", LEASE);
        clock.now = clock.now.plus(LEASE);
        assertThat(store.renew(started, LEASE).leaseUntil()).isEqualTo(clock.now.plus(LEASE));
        assertThatThrownBy(() -> store.removeUnfinished(ID)).hasMessageContaining("holds a lease");
    }

    @Test
    void refusesToRemoveACompleteBackup() {
        BackupStore.Started started = store.start(ID, "host 1", LEASE);
        store.complete(backup(uploadAll()));
        clock.now = clock.now.plus(LEASE);
        assertThatThrownBy(() -> store.removeUnfinished(ID))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("it is complete");
        assertThatThrownBy(() -> store.discard(started)).hasMessageContaining("it is complete");
        assertThat(store.list().backups()).hasSize(1);
    }

    @Test
    void cannotBeCompletedOrRenewedOnceItWasGivenUp() {
        BackupStore.Started started = store.start(ID, "host 1", LEASE);
        List<Backup.StoredObject> objects = uploadAll();
        storage.createIfAbsent(key("backup.json"), Content.of(StartedRecord.givenUp(started)));
        assertLeaseLost(() -> store.complete(backup(objects)));
        assertLeaseLost(() -> store.renew(started, LEASE));
        assertThat(store.list().backups()).isEmpty();
        assertThat(store.unfinished()).extracting(BackupStore.Started::id).containsExactly(ID);
        store.discard(started);
        assertThat(storage.list(FOLDER, "")).isEmpty();
        assertLeaseLost(() -> store.complete(backup(objects)));
    }

    @Test
    void cannotBeCompletedByASleeperWhoseRemainsWereRemovedMeanwhile() {
        store.start(ID, "host 1", LEASE);
        Backup backup = backup(uploadAll());
        clock.now = clock.now.plus(LEASE);
        ObjectStorage sleepy = before("createIfAbsent", key("backup.json"), () -> store.removeUnfinished(ID));
        BackupStore sleeper = Repository.builder(sleepy, "main")
                .clock(clock)
                .build()
                .current()
                .backups();
        assertLeaseLost(() -> sleeper.complete(backup));
        assertThat(store.list().backups()).isEmpty();
        assertThat(storage.list(FOLDER, "")).isEmpty();
    }

    /** The same storage, where something happens just before a call for a key. */
    private ObjectStorage before(String call, ObjectKey key, Runnable event) {
        return (ObjectStorage) Proxy.newProxyInstance(
                ObjectStorage.class.getClassLoader(),
                new Class<?>[] {ObjectStorage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(call) && key.equals(arguments[0])) {
                        event.run();
                    }
                    try {
                        return method.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void assertLeaseLost(Reading call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(RepositoryException.class)
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.lease-lost");
    }

    @Test
    void refusesAnIdentifierThatIsTaken() {
        store.start(ID, "host 1", LEASE);
        assertThatThrownBy(() -> store.start(ID, "host 2", LEASE))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void hidesNothingBehindADamagedRecord() {
        store.start(ID, "host 1", LEASE);
        store.complete(backup(uploadAll()));
        store.start("20261121T000000Z-0001", "host 2", LEASE);
        storage.put(new ObjectKey(FOLDER + "a/backup.json"), Content.of(new byte[] {'{'}));
        storage.put(new ObjectKey(FOLDER + "a-b/base/00001.tar"), Content.of(new byte[1]));
        storage.put(new ObjectKey(FOLDER + "20261120T142642Z-4f1c.txt"), Content.of(new byte[1]));
        BackupStore.Listing listing = store.list();
        assertThat(listing.backups()).extracting(Backup::id).containsExactly(ID);
        assertThat(listing.unfinished()).extracting(BackupStore.Started::owner).containsExactly("host 2");
        assertThat(listing.unreadable())
                .extracting(unreadable -> unreadable.key())
                .containsExactly(FOLDER + "a-b", FOLDER + "a");
    }

    @Test
    void leavesNothingOfAnIndexThatWasNotFinished() {
        try (PartIndexWriter index = store.openPartIndex(ID);
                ManifestWriter manifest = store.openManifestWriter(ID)) {
            index.add(parts().get(0));
            manifest.write(manifest(), 0, 10);
        }
        assertThat(storage.list(FOLDER, "")).isEmpty();
    }

    @Test
    void makesIdentifiersThatSortByTime() {
        String first = store.newId();
        clock.now = clock.now.plusSeconds(1);
        assertThat(first).matches("20261120T142642Z-[0-9a-f]{4}").isLessThan(store.newId());
    }

    private List<Backup.StoredObject> uploadAll() {
        List<Backup.StoredObject> objects = new ArrayList<>();
        try (ObjectUpload upload = store.upload(ID, "base/00001.tar.zst")) {
            upload.write(partBytes());
            upload.commit();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        objects.add(new Backup.StoredObject(
                "base/00001.tar.zst", partBytes().length, Sha256.of(partBytes(), 0, partBytes().length)));
        try (PartIndexWriter index = store.openPartIndex(ID)) {
            parts().forEach(index::add);
            objects.add(index.finish());
        }
        try (ManifestWriter manifest = store.openManifestWriter(ID)) {
            manifest.write(manifest(), 0, manifest().length);
            objects.add(manifest.finish());
        }
        return objects;
    }

    private static List<BackupPart> parts() {
        return List.of(
                new BackupPart(
                        "base/00001.tar.zst",
                        0,
                        20,
                        "aa",
                        List.of(
                                new PartFrame(0, 12, 100, "bb", List.of("PG_VERSION", "base/1/\"é")),
                                new PartFrame(12, 8, 50, "cc", List.of()))),
                new BackupPart("16390/00001.tar.zst", -2, 0, "dd", List.of()));
    }

    private static byte[] partBytes() {
        return "not really a part, but bytes".getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] manifest() {
        return IntStream.range(0, 20)
                .mapToObj(i -> "{ \"Path\": \"base/" + i + "\" }\n")
                .reduce("", String::concat)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Backup backup(List<Backup.StoredObject> objects) {
        BackupBuilder backup = Backup.builder()
                .id(ID)
                .label("nightly \"é\"")
                .identity(Identities.CLUSTER)
                .serverVersion("18.3")
                .time(Instant.parse("2026-11-20T14:26:42.123456Z"), Instant.parse("2026-11-20T14:30:00Z"))
                .start(TimelineId.FIRST, Lsn.parse("0/3000028"), Lsn.parse("0/3000060"))
                .stop(new TimelineId(2), Lsn.parse("FFFFFFFF/FF000000"))
                .fromStandby()
                .compression("zstd:3")
                .baseRawSizeBytes(123456789012L)
                .fileCount(1234)
                .tablespace(new Tablespace(-2, "/srv/ts \\ 1", 5))
                .tablespace(new Tablespace(16390, "/srv/ts2", 0))
                .carriedWal(List.of(WalSegment.parse("000000010000000000000003", Identities.CLUSTER.segmentSize())))
                .setting("max_connections", "100")
                .setting("shared_preload_libraries", "pg_stat_statements")
                .externalConfigFile("/etc/postgresql/18/main/pg_hba.conf", "local all all peer\n")
                .collationVersion("libc", "2.36")
                .preloadLibrary("pg_stat_statements")
                .warning("checksum verification failed")
                .objects(objects);
        return backup.build();
    }

    private byte[] bytes(String name) {
        return StoredJson.bytes(storage, key(name));
    }

    private static byte[] unzstd(byte[] stored) {
        try (InputStream in = Codec.zstd().decompress(new java.io.ByteArrayInputStream(stored))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(FOLDER + ID + "/" + name);
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-11-20T14:26:42.123456Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
