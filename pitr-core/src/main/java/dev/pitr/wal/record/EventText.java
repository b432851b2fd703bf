package dev.pitr.wal.record;

import java.util.Collection;
import java.util.Locale;
import java.util.StringJoiner;

/** Says in a line what an event tells. */
final class EventText implements WalEventVisitor<String> {
    private final StringJoiner text = new StringJoiner(", ");

    private EventText add(String part) {
        if (!part.isEmpty()) {
            text.add(part);
        }
        return this;
    }

    private EventText add(String title, Collection<?> items) {
        return items.isEmpty() ? this : add(RecordText.list(title, items));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String quoted(String name) {
        return name.isEmpty() ? "" : "\"" + name + "\"";
    }

    private static String when(String what, boolean isSo) {
        return isSo ? what : "";
    }

    @Override
    public String toString() {
        return text.toString();
    }

    @Override
    public String stop(StopRecord event) {
        add("transaction " + event.xid()).add(event.time().toString()).add(quoted(event.globalIdentifier()));
        event.database().ifPresent(database -> add("database " + database));
        return add("subtransactions", event.subtransactions())
                .add("removes files", event.droppedFiles())
                .add(
                        "drops relations",
                        event.droppedItems().stream()
                                .filter(item -> item.kind() == DroppedItem.RELATION)
                                .map(item -> new RelationId(item.database(), item.object()))
                                .toList())
                .add("invalidates", event.invalidatedRelations())
                .toString();
    }

    @Override
    public String prepared(Prepared event) {
        return add("transaction " + event.xid())
                .add(event.time().toString())
                .add(quoted(event.globalIdentifier()))
                .add("database " + event.database())
                .add("subtransactions", event.subtransactions())
                .add("commit removes files", event.droppedAtCommit())
                .add("abort removes files", event.droppedAtAbort())
                .toString();
    }

    @Override
    public String checkpoint(Checkpoint event) {
        return add(word(event.kind()) + " at " + event.time())
                .add("redo " + event.redo())
                .add("timeline " + event.timeline())
                .add("full page writes " + (event.fullPageWrites() ? "on" : "off"))
                .add("next transaction " + Long.toUnsignedString(event.nextTransaction()))
                .toString();
    }

    @Override
    public String restorePoint(WalEvent.RestorePoint event) {
        return add(quoted(event.name())).add(event.time().toString()).toString();
    }

    @Override
    public String timelineSwitch(WalEvent.TimelineSwitch event) {
        return add("timeline " + event.from() + " to " + event.to())
                .add(event.time().toString())
                .toString();
    }

    @Override
    public String backupEnd(WalEvent.BackupEnd event) {
        return "of the backup from " + event.backupStart();
    }

    @Override
    public String parameterChange(WalEvent.ParameterChange event) {
        return add("wal_level " + word(event.walLevel()))
                .add("max_connections " + event.maxConnections())
                .add("max_worker_processes " + event.maxWorkerProcesses())
                .add("max_wal_senders " + event.maxWalSenders())
                .add("max_prepared_transactions " + event.maxPreparedTransactions())
                .add("max_locks_per_transaction " + event.maxLocksPerTransaction())
                .add(when("wal_log_hints", event.walLogHints()))
                .add(when("track_commit_timestamp", event.trackCommitTimestamp()))
                .toString();
    }

    @Override
    public String fullPageWritesChange(WalEvent.FullPageWritesChange event) {
        return event.enabled() ? "on" : "off";
    }

    @Override
    public String checkpointRedo(WalEvent.CheckpointRedo event) {
        return "wal_level " + word(event.walLevel());
    }

    @Override
    public String segmentSwitch(WalEvent.SegmentSwitch event) {
        return "to " + event.end();
    }

    @Override
    public String continuationOverwritten(WalEvent.ContinuationOverwritten event) {
        return add("of the record at " + event.lost())
                .add(event.time().toString())
                .toString();
    }

    @Override
    public String databaseCreated(WalEvent.DatabaseCreated event) {
        add("database " + event.database()).add("tablespace " + event.tablespace());
        event.template().ifPresent(template -> add("copied from " + template));
        return toString();
    }

    @Override
    public String databaseDropped(WalEvent.DatabaseDropped event) {
        return add("database " + event.database())
                .add("tablespaces", event.tablespaces())
                .toString();
    }

    @Override
    public String tablespaceCreated(WalEvent.TablespaceCreated event) {
        return add("tablespace " + event.tablespace()).add(quoted(event.path())).toString();
    }

    @Override
    public String tablespaceDropped(WalEvent.TablespaceDropped event) {
        return "tablespace " + event.tablespace();
    }

    @Override
    public String fileCreated(WalEvent.FileCreated event) {
        return event.file() + (event.fork() == WalEvent.Fork.MAIN ? "" : " " + word(event.fork()));
    }

    @Override
    public String fileTruncated(WalEvent.FileTruncated event) {
        return event.file() + " to " + event.blocks() + " blocks";
    }

    @Override
    public String tablesTruncated(WalEvent.TablesTruncated event) {
        return add("tables", event.relations())
                .add(when("cascade", event.cascade()))
                .add(when("restart identity", event.restartSequences()))
                .toString();
    }

    @Override
    public String relationsLocked(WalEvent.RelationsLocked event) {
        event.locks().forEach(lock -> add(lock.relation() + " by transaction " + lock.xid()));
        return toString();
    }

    @Override
    public String runningTransactions(WalEvent.RunningTransactions event) {
        return add("next " + event.next())
                .add("oldest " + event.oldestRunning())
                .add("latest completed " + event.latestCompleted())
                .add("running", event.transactions())
                .add(when("subtransactions overflowed", event.overflowed()))
                .toString();
    }

    @Override
    public String subtransactionsAssigned(WalEvent.SubtransactionsAssigned event) {
        return add("transaction " + event.xid())
                .add("subtransactions", event.subtransactions())
                .toString();
    }

    @Override
    public String relationsInvalidated(WalEvent.RelationsInvalidated event) {
        return add("invalidates", event.relations()).toString();
    }

    @Override
    public String relationMapChanged(WalEvent.RelationMapChanged event) {
        return add("database " + event.database())
                .add(event.files().size() + " files")
                .toString();
    }

    @Override
    public String changedInPlace(WalEvent.ChangedInPlace event) {
        return event.file() + " block " + event.block();
    }

    @Override
    public String logicalMessage(WalEvent.LogicalMessage event) {
        return add(quoted(event.prefix()))
                .add(event.contentBytes() + " bytes")
                .add(when("transactional", event.transactional()))
                .toString();
    }
}
