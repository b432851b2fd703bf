package dev.pitr.restore;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.BackupBuilder;
import dev.pitr.catalog.Tablespace;
import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.ManifestWriter;
import dev.pitr.repository.PartIndexWriter;
import dev.pitr.repository.Repository;
import dev.pitr.repository.Sha256;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small backup in a repository that no server has seen, with one segment of WAL: uncompressed, a tablespace, 3 parts. */
final class HandMadeBackup {
    static final String ID = "20261120T142642Z-4f1c";
    static final int TABLESPACE = 16390;
    static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
    static final ClusterIdentity IDENTITY =
            new ClusterIdentity(7512345678901234567L, PostgresVersion.V18, SEGMENT_SIZE);

    private static final Instant START = Instant.parse("2026-11-20T14:26:42Z");

    private final Map<String, byte[]> manifest = new TreeMap<>();
    private final List<HandMadePart> parts = new ArrayList<>();
    private final BackupBuilder record = Backup.builder();

    HandMadeBackup() {
        HandMadePart first = part("base/00001.tar", 0);
        file(first, "", "backup_label", "START WAL LOCATION: 0/100028 (file 000000010000000000000001)\n");
        file(first, "", "tablespace_map", "16390 /var/original/space\n");
        file(first, "", "PG_VERSION", "18\n");
        first.folder("pg_wal/", 0700).folder("./pg_wal/archive_status/", 0700).folder("pg_tblspc/", 0700);
        file(first, "", "postgresql.conf", "shared_buffers = 16MB\narchive_command = 'cp %p /var/archive/%f'\n");
        file(first, "", "postgresql.auto.conf", "# by ALTER SYSTEM\nprimary_conninfo = 'password=secret'\n");
        file(first, "", "pg_hba.conf", "local all all trust\n");
        file(first, "", "pg_ident.conf", "");
        HandMadePart space = part("16390/00001.tar", TABLESPACE);
        file(space, "pg_tblspc/16390/", "PG_18_202506291/5/16400", "rows in a tablespace");
        HandMadePart second = part("base/00002.tar", 0);
        file(second, "", "base/5/1259", "x".repeat(20_000));
        file(second, "", "base/5/1249", "y".repeat(5_000));
        file(second, "", "global/pg_control", "control");
    }

    private HandMadePart part(String name, int tablespaceOid) {
        HandMadePart part = new HandMadePart(name, tablespaceOid);
        parts.add(part);
        return part;
    }

    private void file(HandMadePart part, String prefix, String name, String content) {
        part.file(name, content);
        manifest.put(prefix + name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets the manifest list a file that no part holds. */
    HandMadeBackup lacking(String path) {
        manifest.put(path, new byte[] {1});
        return this;
    }

    HandMadeBackup setting(String name, String value) {
        record.setting(name, value);
        return this;
    }

    HandMadeBackup preloadLibrary(String name) {
        record.preloadLibrary(name);
        return this;
    }

    HandMadeBackup rawSizeBytes(long bytes) {
        record.baseRawSizeBytes(bytes);
        rawSizeIsSet = true;
        return this;
    }

    private boolean rawSizeIsSet;

    /** Stores it; returns the incarnation that holds it. */
    Incarnation store(ObjectStorage storage) {
        Incarnation incarnation = Repository.at(storage, "test").init(IDENTITY);
        WalSegment segment = WalSegment.parse("000000010000000000000001", SEGMENT_SIZE);
        incarnation.wal().create(new WalFileName.Segment(segment), Content.of(new byte[1 << 20]));
        BackupStore store = incarnation.backups();
        store.start(ID, "test", Duration.ofHours(1));
        List<Backup.StoredObject> objects = new ArrayList<>();
        try (PartIndexWriter index = store.openPartIndex(ID)) {
            for (HandMadePart part : parts) {
                upload(store, part);
                BackupPart stored = part.part();
                objects.add(new Backup.StoredObject(stored.name(), stored.storedSizeBytes(), stored.sha256()));
                index.add(stored);
            }
            objects.add(index.finish());
        }
        try (ManifestWriter writer = store.openManifestWriter(ID)) {
            byte[] bytes = manifestBytes();
            writer.write(bytes, 0, bytes.length);
            objects.add(writer.finish());
        }
        store.complete(record(objects));
        return incarnation;
    }

    private static void upload(BackupStore store, HandMadePart part) {
        try (ObjectUpload upload = store.upload(ID, part.part().name())) {
            upload.write(part.bytes());
            upload.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Backup record(List<Backup.StoredObject> objects) {
        if (!rawSizeIsSet) {
            record.baseRawSizeBytes(30_000);
        }
        return record.id(ID)
                .identity(IDENTITY)
                .serverVersion("18.3")
                .label("test")
                .time(START, START.plusSeconds(10))
                .start(TimelineId.FIRST, Lsn.parse("0/100028"), Lsn.parse("0/100060"))
                .stop(TimelineId.FIRST, Lsn.parse("0/100158"))
                .fileCount(manifest.size())
                .compression("none")
                .tablespace(new Tablespace(TABLESPACE, "/var/original/space", 20))
                .objects(objects)
                .build();
    }

    private byte[] manifestBytes() {
        StringBuilder json = new StringBuilder("{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"System-Identifier\": ")
                .append(IDENTITY.systemIdentifier())
                .append(",\n\"Files\": [\n");
        String separator = "";
        for (Map.Entry<String, byte[]> file : manifest.entrySet()) {
            ManifestChecksum.Computation checksum = ManifestChecksum.SHA256.start();
            checksum.update(file.getValue(), 0, file.getValue().length);
            json.append(separator)
                    .append("{ \"Path\": \"")
                    .append(file.getKey())
                    .append("\", \"Size\": ")
                    .append(file.getValue().length)
                    .append(", \"Last-Modified\": \"2026-11-20 14:26:42 GMT\", \"Checksum-Algorithm\": \"SHA256\","
                            + " \"Checksum\": \"")
                    .append(HexFormat.of().formatHex(checksum.finish()))
                    .append("\" }");
            separator = ",\n";
        }
        json.append(
                "\n],\n\"WAL-Ranges\": [\n{ \"Timeline\": 1, \"Start-LSN\": \"0/100028\", \"End-LSN\": \"0/100158\" }"
                        + "\n],\n");
        byte[] covered = json.toString().getBytes(StandardCharsets.UTF_8);
        json.append("\"Manifest-Checksum\": \"")
                .append(Sha256.of(covered, 0, covered.length))
                .append("\"}\n");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static RestorePlan plan(Incarnation incarnation) {
        return RestorePlan.from(incarnation.catalogue())
                .target(RecoveryTarget.immediate())
                .build();
    }
}
