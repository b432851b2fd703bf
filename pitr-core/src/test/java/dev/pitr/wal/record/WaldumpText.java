package dev.pitr.wal.record;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says what an event tells in {@code pg_waldump}'s words, as far as these are the same in all versions; else nothing. */
final class WaldumpText implements WalEventVisitor<String> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static String path(RelationFile file) {
        return file.tablespace() == 1663
                ? "base/" + file.database() + "/" + file.number()
                : file.tablespace() == 1664
                        ? "global/" + file.number()
                        : "pg_tblspc/" + file.tablespace() + "/" + file.database() + "/" + file.number();
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    @Override
    public String stop(StopRecord event) {
        StringBuilder text = new StringBuilder();
        if (event.kind().isPrepared()) {
            text.append(event.xid()).append(": ");
        }
        text.append(time(event.time()));
        if (!event.droppedFiles().isEmpty()) {
            text.append(event.droppedFiles().stream()
                    .map(WaldumpText::path)
                    .collect(Collectors.joining(" ", "; rels: ", "")));
        }
        if (!event.subtransactions().isEmpty()) {
            text.append(event.subtransactions().stream()
                    .map(Object::toString)
                    .collect(Collectors.joining(" ", "; subxacts: ", "")));
        }
        if (!event.droppedItems().isEmpty()) {
            text.append(event.droppedItems().stream()
                    .map(item -> item.kind() + "/" + item.database() + "/" + item.object())
                    .collect(Collectors.joining(" ", "; dropped stats: ", "")));
        }
        return text.toString();
    }

    @Override
    public String prepared(Prepared event) {
        return "gid " + event.globalIdentifier() + ": " + time(event.time())
                + (event.droppedAtCommit().isEmpty()
                        ? ""
                        : event.droppedAtCommit().stream()
                                .map(WaldumpText::path)
                                .collect(Collectors.joining(" ", "; rels(commit): ", "")))
                + (event.droppedAtAbort().isEmpty()
                        ? ""
                        : event.droppedAtAbort().stream()
                                .map(WaldumpText::path)
                                .collect(Collectors.joining(" ", "; rels(abort): ", "")));
    }

    @Override
    public String checkpoint(Checkpoint event) {
        return "redo " + event.redo() + "; tli " + event.timeline() + "; prev tli " + event.previousTimeline()
                + "; fpw "
                + event.fullPageWrites()
                + event.walLevel()
                        .map(level -> "; wal_level " + level.name().toLowerCase(Locale.ROOT))
                        .orElse("")
                + "; xid " + (event.nextTransaction() >>> 32) + ":" + (event.nextTransaction() & 0xFFFF_FFFFL);
    }

    @Override
    public String restorePoint(WalEvent.RestorePoint event) {
        return event.name();
    }

    @Override
    public String timelineSwitch(WalEvent.TimelineSwitch event) {
        return event.checkpoint().map(this::checkpoint).orElse("tli " + event.to() + "; prev tli " + event.from());
    }

    @Override
    public String backupEnd(WalEvent.BackupEnd event) {
        return event.backupStart().toString();
    }

    @Override
    public String parameterChange(WalEvent.ParameterChange event) {
        return "max_connections=" + event.maxConnections() + " max_worker_processes=" + event.maxWorkerProcesses()
                + " max_wal_senders=" + event.maxWalSenders() + " max_prepared_xacts="
                + event.maxPreparedTransactions() + " max_locks_per_xact=" + event.maxLocksPerTransaction()
                + " wal_level=" + event.walLevel().name().toLowerCase(Locale.ROOT) + " wal_log_hints="
                + (event.walLogHints() ? "on" : "off") + " track_commit_timestamp="
                + (event.trackCommitTimestamp() ? "on" : "off");
    }

    @Override
    public String fullPageWritesChange(WalEvent.FullPageWritesChange event) {
        return Boolean.toString(event.enabled());
    }

    @Override
    public String checkpointRedo(WalEvent.CheckpointRedo event) {
        return "wal_level " + event.walLevel().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String segmentSwitch(WalEvent.SegmentSwitch event) {
        return "";
    }

    @Override
    public String continuationOverwritten(WalEvent.ContinuationOverwritten event) {
        return "lsn " + event.lost();
    }

    @Override
    public String databaseCreated(WalEvent.DatabaseCreated event) {
        String to = event.tablespace() + "/" + event.database();
        return event.template().isPresent()
                ? "copy dir " + event.template().getAsLong() + " to " + to
                : "create dir " + to;
    }

    @Override
    public String databaseDropped(WalEvent.DatabaseDropped event) {
        return event.tablespaces().stream()
                .map(tablespace -> tablespace + "/" + event.database())
                .collect(Collectors.joining(" ", "dir ", ""));
    }

    @Override
    public String tablespaceCreated(WalEvent.TablespaceCreated event) {
        return event.tablespace() + " \"" + event.path() + "\"";
    }

    @Override
    public String tablespaceDropped(WalEvent.TablespaceDropped event) {
        return Long.toString(event.tablespace());
    }

    @Override
    public String fileCreated(WalEvent.FileCreated event) {
        return path(event.file());
    }

    @Override
    public String fileTruncated(WalEvent.FileTruncated event) {
        return path(event.file()) + " to " + event.blocks() + " blocks flags " + event.flags();
    }

    @Override
    public String tablesTruncated(WalEvent.TablesTruncated event) {
        return "";
    }

    @Override
    public String relationsLocked(WalEvent.RelationsLocked event) {
        return event.locks().stream()
                .map(lock -> "xid " + lock.xid() + " db " + lock.relation().database() + " rel "
                        + lock.relation().oid())
                .collect(Collectors.joining(" "));
    }

    @Override
    public String runningTransactions(WalEvent.RunningTransactions event) {
        return "nextXid " + event.next() + " latestCompletedXid " + event.latestCompleted() + " oldestRunningXid "
                + event.oldestRunning();
    }

    @Override
    public String subtransactionsAssigned(WalEvent.SubtransactionsAssigned event) {
        return event.subtransactions().stream()
                .map(Object::toString)
                .collect(Collectors.joining(" ", "xtop " + event.xid() + ": subxacts: ", ""));
    }

    @Override
    public String relationsInvalidated(WalEvent.RelationsInvalidated event) {
        return "";
    }

    @Override
    public String relationMapChanged(WalEvent.RelationMapChanged event) {
        return "database " + event.database() + " tablespace " + event.tablespace();
    }

    @Override
    public String changedInPlace(WalEvent.ChangedInPlace event) {
        return "";
    }

    @Override
    public String logicalMessage(WalEvent.LogicalMessage event) {
        return event.transactional() ? "transactional" : "non";
    }
}
