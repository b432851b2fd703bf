package dev.pitr.wal.record;

/**
 * A method for each kind of {@link WalEvent}.
 *
 * @param <R> what the methods return
 */
public interface WalEventVisitor<R> {
    /**
     * Visits the end of a transaction.
     *
     * @param event the record
     * @return the visitor's result
     */
    R stop(StopRecord event);

    /**
     * Visits a {@code PREPARE TRANSACTION}.
     *
     * @param event the record
     * @return the visitor's result
     */
    R prepared(Prepared event);

    /**
     * Visits a checkpoint that stays on its timeline.
     *
     * @param event the record
     * @return the visitor's result
     */
    R checkpoint(Checkpoint event);

    /**
     * Visits a named restore point.
     *
     * @param event the record
     * @return the visitor's result
     */
    R restorePoint(WalEvent.RestorePoint event);

    /**
     * Visits the start of a timeline.
     *
     * @param event the record
     * @return the visitor's result
     */
    R timelineSwitch(WalEvent.TimelineSwitch event);

    /**
     * Visits the end of a base backup.
     *
     * @param event the record
     * @return the visitor's result
     */
    R backupEnd(WalEvent.BackupEnd event);

    /**
     * Visits a change of the settings that WAL depends on.
     *
     * @param event the record
     * @return the visitor's result
     */
    R parameterChange(WalEvent.ParameterChange event);

    /**
     * Visits a change of {@code full_page_writes}.
     *
     * @param event the record
     * @return the visitor's result
     */
    R fullPageWritesChange(WalEvent.FullPageWritesChange event);

    /**
     * Visits a checkpoint's redo point.
     *
     * @param event the record
     * @return the visitor's result
     */
    R checkpointRedo(WalEvent.CheckpointRedo event);

    /**
     * Visits a switch to the next segment.
     *
     * @param event the record
     * @return the visitor's result
     */
    R segmentSwitch(WalEvent.SegmentSwitch event);

    /**
     * Visits an overwritten record.
     *
     * @param event the record
     * @return the visitor's result
     */
    R continuationOverwritten(WalEvent.ContinuationOverwritten event);

    /**
     * Visits a new database.
     *
     * @param event the record
     * @return the visitor's result
     */
    R databaseCreated(WalEvent.DatabaseCreated event);

    /**
     * Visits a dropped database.
     *
     * @param event the record
     * @return the visitor's result
     */
    R databaseDropped(WalEvent.DatabaseDropped event);

    /**
     * Visits a new tablespace.
     *
     * @param event the record
     * @return the visitor's result
     */
    R tablespaceCreated(WalEvent.TablespaceCreated event);

    /**
     * Visits a dropped tablespace.
     *
     * @param event the record
     * @return the visitor's result
     */
    R tablespaceDropped(WalEvent.TablespaceDropped event);

    /**
     * Visits a new relation file.
     *
     * @param event the record
     * @return the visitor's result
     */
    R fileCreated(WalEvent.FileCreated event);

    /**
     * Visits a shortened relation file.
     *
     * @param event the record
     * @return the visitor's result
     */
    R fileTruncated(WalEvent.FileTruncated event);

    /**
     * Visits a {@code TRUNCATE} at {@code wal_level = logical}.
     *
     * @param event the record
     * @return the visitor's result
     */
    R tablesTruncated(WalEvent.TablesTruncated event);

    /**
     * Visits exclusive locks.
     *
     * @param event the record
     * @return the visitor's result
     */
    R relationsLocked(WalEvent.RelationsLocked event);

    /**
     * Visits a snapshot of running transactions.
     *
     * @param event the record
     * @return the visitor's result
     */
    R runningTransactions(WalEvent.RunningTransactions event);

    /**
     * Visits subtransactions of a transaction.
     *
     * @param event the record
     * @return the visitor's result
     */
    R subtransactionsAssigned(WalEvent.SubtransactionsAssigned event);

    /**
     * Visits invalidations of a transaction that still runs.
     *
     * @param event the record
     * @return the visitor's result
     */
    R relationsInvalidated(WalEvent.RelationsInvalidated event);

    /**
     * Visits new files of mapped catalogs.
     *
     * @param event the record
     * @return the visitor's result
     */
    R relationMapChanged(WalEvent.RelationMapChanged event);

    /**
     * Visits a catalog row overwritten in place.
     *
     * @param event the record
     * @return the visitor's result
     */
    R changedInPlace(WalEvent.ChangedInPlace event);

    /**
     * Visits a logical decoding message.
     *
     * @param event the record
     * @return the visitor's result
     */
    R logicalMessage(WalEvent.LogicalMessage event);
}
