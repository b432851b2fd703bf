package dev.pitr.backup;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.BackupBuilder;
import dev.pitr.postgres.BackupLabel;
import dev.pitr.postgres.BackupManifest;
import dev.pitr.postgres.BaseBackupEnd;
import dev.pitr.postgres.BaseBackupStart;
import dev.pitr.postgres.ControlFile;
import dev.pitr.postgres.WalRange;
import dev.pitr.repository.BackupStore;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes a backup's record of what the server said in several places, and checks that it said the same everywhere. */
final class BackupRecording {
    private static final String WAL_FOLDER = "pg_wal/";

    private BackupRecording() {}

    static Backup record(
            String id,
            ClusterIdentity identity,
            BackupOptions options,
            ServerFacts facts,
            BackupStream stream,
            BaseBackupEnd end,
            Instant finishedAt) {
        BaseBackupStart start = stream.start();
        BackupLabel label = BackupLabel.parse(stream.content(BackupStream.BACKUP_LABEL));
        require(
                label.startLsn().equals(start.startLsn()),
                "backup_label starts at",
                label.startLsn(),
                start.startLsn());
        ClusterIdentity sent =
                ControlFile.parse(stream.content(BackupStream.CONTROL_FILE)).identity();
        require(sent.equals(identity), "pg_control is of", sent, identity);
        BackupBuilder builder = Backup.builder()
                .id(id)
                .identity(identity)
                .label(options.asked().label())
                .time(facts.startedAt(), finishedAt)
                .start(start.timeline(), label.startLsn(), label.checkpointLsn())
                .stop(end.timeline(), end.stopLsn())
                .baseRawSizeBytes(stream.baseBytes())
                .fileCount(stream.fileCount())
                .compression(options.codec().toString())
                .objects(stream.objects())
                .carriedWal(carried(stream.walMembers(), identity));
        if (label.isFromStandby()) {
            builder.fromStandby();
        }
        stream.tablespaces().forEach(builder::tablespace);
        end.warnings().forEach(builder::warning);
        facts.addTo(builder);
        return builder.build();
    }

    private static List<WalSegment> carried(List<String> members, ClusterIdentity identity) {
        return members.stream()
                .filter(name -> name.lastIndexOf('/') == WAL_FOLDER.length() - 1)
                .map(name -> WalFileName.find(name.substring(WAL_FOLDER.length()), identity.segmentSize()))
                .flatMap(name -> name.stream())
                .filter(WalFileName.Segment.class::isInstance)
                .map(name -> ((WalFileName.Segment) name).segment())
                .toList();
    }

    /** Reads the manifest back from the repository and checks it against the record. */
    static BackupManifest checkManifest(BackupStore store, Backup backup) {
        AtomicLong files = new AtomicLong();
        try (InputStream in = store.openManifest(backup)) {
            BackupManifest manifest = BackupManifest.read(in, file -> {
                // The server lists some of the files that come with WAL, but not the segments (basebackup.c).
                if (!file.path().startsWith(WAL_FOLDER)) {
                    files.incrementAndGet();
                }
            });
            check(backup, manifest);
            require(
                    files.get() == backup.fileCount(),
                    "the number of files in its manifest is",
                    files,
                    backup.fileCount());
            return manifest;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read back the manifest of backup " + backup.id(), e);
        }
    }

    private static void check(Backup backup, BackupManifest manifest) {
        List<WalRange> ranges = manifest.walRanges();
        if (ranges.isEmpty()) {
            throw BackupException.malformed("Cannot use the server's manifest: it names no WAL");
        }
        WalRange newest = ranges.get(0);
        WalRange oldest = ranges.get(ranges.size() - 1);
        require(
                oldest.start().equals(backup.startLsn()),
                "the manifest's WAL starts at",
                oldest.start(),
                backup.startLsn());
        require(newest.end().equals(backup.stopLsn()), "the manifest's WAL ends at", newest.end(), backup.stopLsn());
        require(
                newest.timeline().equals(backup.stopTimeline()),
                "the manifest's WAL ends on timeline",
                newest.timeline(),
                backup.stopTimeline());
    }

    /** Checks that the backup carries every segment that it needs. */
    static void checkCarried(Backup backup, RequiredWal wal) {
        HashSet<WalSegment> missing = new HashSet<>(wal.segments());
        backup.carriedWal().forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw BackupException.malformed("Cannot complete the backup: the server sent no WAL segment " + missing
                    + ", without which it can't be restored. Take the backup again");
        }
    }

    private static void require(boolean holds, String what, Object found, Object expected) {
        if (!holds) {
            throw BackupException.malformed("Cannot trust the server's backup: " + what + " " + found + ", but "
                    + expected + " is expected. Take the backup again");
        }
    }
}
