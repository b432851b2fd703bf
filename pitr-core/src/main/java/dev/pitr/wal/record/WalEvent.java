package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A WAL record that matters to recovery, as a value: what ends, starts or limits what can be recovered, and what shows
 * that something was dropped, truncated or rewritten. Changes of single rows are not events: see
 * {@link WalRecord#rowOperation()}.
 *
 * <p>OIDs and transaction ids are unsigned 32-bit numbers in a {@code long}. Layouts and meanings are those of the
 * server's {@code *desc.c} and {@code *.h} files of versions 13 to 18.
 */
public sealed interface WalEvent
        permits StopRecord,
                Prepared,
                Checkpoint,
                WalEvent.RestorePoint,
                WalEvent.TimelineSwitch,
                WalEvent.BackupEnd,
                WalEvent.ParameterChange,
                WalEvent.FullPageWritesChange,
                WalEvent.CheckpointRedo,
                WalEvent.SegmentSwitch,
                WalEvent.ContinuationOverwritten,
                WalEvent.DatabaseCreated,
                WalEvent.DatabaseDropped,
                WalEvent.TablespaceCreated,
                WalEvent.TablespaceDropped,
                WalEvent.FileCreated,
                WalEvent.FileTruncated,
                WalEvent.TablesTruncated,
                WalEvent.RelationsLocked,
                WalEvent.RunningTransactions,
                WalEvent.SubtransactionsAssigned,
                WalEvent.RelationsInvalidated,
                WalEvent.RelationMapChanged,
                WalEvent.ChangedInPlace,
                WalEvent.LogicalMessage {
    /**
     * Returns where the record begins.
     *
     * @return the position of its first byte
     */
    Lsn start();

    /**
     * Returns where the record ends.
     *
     * @return the server's {@code EndRecPtr}: rounded up to 8 bytes; the start of the next segment for a
     *     {@link SegmentSwitch}. The next record may begin a page header later
     */
    Lsn end();

    /**
     * Calls the visitor's method for this kind.
     *
     * @param visitor has a method for each kind
     * @param <R> what it returns
     * @return its result
     */
    <R> R accept(WalEventVisitor<R> visitor);

    /** A part of a relation's storage. */
    enum Fork {
        /** The rows, or an index's entries. */
        MAIN,
        /** The free space map. */
        FREE_SPACE_MAP,
        /** The visibility map. */
        VISIBILITY_MAP,
        /** The empty state of an unlogged relation. */
        INIT
    }

    /**
     * An {@code ACCESS EXCLUSIVE} lock.
     *
     * @param xid the transaction that holds it
     * @param relation the relation
     */
    record Lock(long xid, RelationId relation) {}

    /**
     * A named restore point, made by {@code pg_create_restore_point}. Recovery to a name stops at the first of that
     * name.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param name its name, up to 63 bytes; a byte that is no ASCII stands for itself in UTF-8 if the name is
     *     valid UTF-8, else in ISO 8859-1
     * @param time when, to the microsecond
     */
    record RestorePoint(Lsn start, Lsn end, String name, Instant time) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.restorePoint(this);
        }
    }

    /**
     * The start of a timeline: {@code END_OF_RECOVERY}, or a shutdown checkpoint whose timeline differs from the one
     * before.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param from the timeline replayed until here
     * @param to the timeline that starts
     * @param time when; whole seconds if a checkpoint tells
     * @param checkpoint the checkpoint, if it is one that tells
     */
    record TimelineSwitch(
            Lsn start, Lsn end, TimelineId from, TimelineId to, Instant time, Optional<Checkpoint> checkpoint)
            implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.timelineSwitch(this);
        }
    }

    /**
     * The end of a base backup of a primary: recovery from that backup is consistent once this record is replayed.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param backupStart where the backup's WAL begins: the redo location in its {@code backup_label}
     */
    record BackupEnd(Lsn start, Lsn end, Lsn backupStart) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.backupEnd(this);
        }
    }

    /**
     * A server started with other settings than the one before: {@code xl_parameter_change} in {@code
     * xlog_internal.h}.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param walLevel {@code wal_level}
     * @param maxConnections {@code max_connections}
     * @param maxWorkerProcesses {@code max_worker_processes}
     * @param maxWalSenders {@code max_wal_senders}
     * @param maxPreparedTransactions {@code max_prepared_transactions}
     * @param maxLocksPerTransaction {@code max_locks_per_transaction}
     * @param walLogHints {@code wal_log_hints}
     * @param trackCommitTimestamp {@code track_commit_timestamp}
     */
    record ParameterChange(
            Lsn start,
            Lsn end,
            WalLevel walLevel,
            int maxConnections,
            int maxWorkerProcesses,
            int maxWalSenders,
            int maxPreparedTransactions,
            int maxLocksPerTransaction,
            boolean walLogHints,
            boolean trackCommitTimestamp)
            implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.parameterChange(this);
        }
    }

    /**
     * {@code full_page_writes} was turned on or off. Off, it spoils the backups that a standby is taking.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param enabled whether it is on from here
     */
    record FullPageWritesChange(Lsn start, Lsn end, boolean enabled) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.fullPageWritesChange(this);
        }
    }

    /**
     * The redo point of an online checkpoint, from version 17 on.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param walLevel {@code wal_level} at this point
     */
    record CheckpointRedo(Lsn start, Lsn end, WalLevel walLevel) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.checkpointRedo(this);
        }
    }

    /**
     * The server went on to the next segment; the rest of this one is zero bytes.
     *
     * @param start the record's first byte
     * @param end where the record ends
     */
    record SegmentSwitch(Lsn start, Lsn end) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.segmentSwitch(this);
        }
    }

    /**
     * After a crash in the middle of a record the server wrote this in place of its rest.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param lost the start of the record that was never finished
     * @param time when, to the microsecond
     */
    record ContinuationOverwritten(Lsn start, Lsn end, Lsn lost, Instant time) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.continuationOverwritten(this);
        }
    }

    /**
     * A database's files were created. Not undone by an abort: an end of the transaction must still follow.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param database the new database's OID
     * @param tablespace its default tablespace's OID
     * @param template the OID of the database copied, file by file; empty if its pages were logged one by one
     */
    record DatabaseCreated(Lsn start, Lsn end, long xid, long database, long tablespace, OptionalLong template)
            implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.databaseCreated(this);
        }
    }

    /**
     * A database's files were removed, at once: stopping before the transaction's commit doesn't bring them back.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param database its OID
     * @param tablespaces the OIDs of the tablespaces that held its files
     */
    record DatabaseDropped(Lsn start, Lsn end, long xid, long database, List<Long> tablespaces) implements WalEvent {
        /** Copies the list. */
        public DatabaseDropped {
            tablespaces = List.copyOf(tablespaces);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.databaseDropped(this);
        }
    }

    /**
     * A tablespace was created.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param tablespace its OID
     * @param path its folder, empty if in place
     */
    record TablespaceCreated(Lsn start, Lsn end, long xid, long tablespace, String path) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.tablespaceCreated(this);
        }
    }

    /**
     * A tablespace was dropped.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param tablespace its OID
     */
    record TablespaceDropped(Lsn start, Lsn end, long xid, long tablespace) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.tablespaceDropped(this);
        }
    }

    /**
     * A relation got a new file.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param file the file
     * @param fork which of its forks
     */
    record FileCreated(Lsn start, Lsn end, long xid, RelationFile file, Fork fork) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.fileCreated(this);
        }
    }

    /**
     * A relation's file was made shorter, mostly by {@code VACUUM}; or emptied, by a {@code TRUNCATE} in the
     * transaction that created it.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction, 0 for {@code VACUUM}
     * @param file the file
     * @param blocks its new length in blocks of 8 KiB
     * @param flags which forks: 1 the main one, 2 the visibility map, 4 the free space map
     */
    record FileTruncated(Lsn start, Lsn end, long xid, RelationFile file, long blocks, int flags) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.fileTruncated(this);
        }
    }

    /**
     * {@code TRUNCATE}, told only at {@code wal_level = logical}.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction, perhaps a subtransaction
     * @param relations the tables
     * @param cascade {@code CASCADE}
     * @param restartSequences {@code RESTART IDENTITY}
     */
    record TablesTruncated(
            Lsn start, Lsn end, long xid, List<RelationId> relations, boolean cascade, boolean restartSequences)
            implements WalEvent {
        /** Copies the list. */
        public TablesTruncated {
            relations = List.copyOf(relations);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.tablesTruncated(this);
        }
    }

    /**
     * {@code ACCESS EXCLUSIVE} locks that are held. Repeated with each snapshot of running transactions.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param locks the locks
     */
    record RelationsLocked(Lsn start, Lsn end, List<Lock> locks) implements WalEvent {
        /** Copies the list. */
        public RelationsLocked {
            locks = List.copyOf(locks);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.relationsLocked(this);
        }
    }

    /**
     * A snapshot of running transactions, from which a standby opens for reading.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param transactions those that run, subtransactions after the others
     * @param subtransactionCount how many of them are subtransactions
     * @param overflowed whether subtransactions are missing; then hot standby can't open here
     * @param next the next transaction id
     * @param oldestRunning the oldest running
     * @param latestCompleted the latest that has ended
     */
    record RunningTransactions(
            Lsn start,
            Lsn end,
            List<Long> transactions,
            int subtransactionCount,
            boolean overflowed,
            long next,
            long oldestRunning,
            long latestCompleted)
            implements WalEvent {
        /** Copies the list. */
        public RunningTransactions {
            transactions = List.copyOf(transactions);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.runningTransactions(this);
        }
    }

    /**
     * Subtransactions of a transaction with very many, told before it ends.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param subtransactions some of its subtransactions
     */
    record SubtransactionsAssigned(Lsn start, Lsn end, long xid, List<Long> subtransactions) implements WalEvent {
        /** Copies the list. */
        public SubtransactionsAssigned {
            subtransactions = List.copyOf(subtransactions);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.subtransactionsAssigned(this);
        }
    }

    /**
     * Cache invalidations of a transaction that still runs ({@code wal_level = logical}, from version 14 on), or of
     * an inplace update.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction, 0 for none
     * @param relations the relations, by OID, without repetition
     */
    record RelationsInvalidated(Lsn start, Lsn end, long xid, List<RelationId> relations) implements WalEvent {
        /** Copies the list. */
        public RelationsInvalidated {
            relations = List.copyOf(relations);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.relationsInvalidated(this);
        }
    }

    /**
     * Catalogs without an entry of their own in {@code pg_class} got new files.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction
     * @param database the database's OID, 0 for shared catalogs
     * @param tablespace its tablespace's OID
     * @param files file numbers by catalog OID
     */
    record RelationMapChanged(Lsn start, Lsn end, long xid, long database, long tablespace, Map<Long, Long> files)
            implements WalEvent {
        /** Copies the map. */
        public RelationMapChanged {
            files = Map.copyOf(files);
        }

        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.relationMapChanged(this);
        }
    }

    /**
     * A catalog row was overwritten in place, outside any transaction. In {@code pg_database} (file 1664/0/1262)
     * this is the last moment before a {@code DROP DATABASE}.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param file the catalog's file
     * @param block the block that was changed
     */
    record ChangedInPlace(Lsn start, Lsn end, RelationFile file, long block) implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.changedInPlace(this);
        }
    }

    /**
     * A message made by {@code pg_logical_emit_message}.
     *
     * @param start the record's first byte
     * @param end where the record ends
     * @param xid the transaction, 0 if not transactional
     * @param database the database's OID
     * @param transactional whether it belongs to the transaction
     * @param prefix its prefix, at most 1,024 bytes of it
     * @param contentBytes the size of its content
     */
    record LogicalMessage(
            Lsn start, Lsn end, long xid, long database, boolean transactional, String prefix, long contentBytes)
            implements WalEvent {
        @Override
        public <R> R accept(WalEventVisitor<R> visitor) {
            return visitor.logicalMessage(this);
        }
    }
}
