package dev.pitr.recovery;

/**
 * Something to do with each kind of target.
 *
 * @param <R> the result
 */
public interface RecoveryTargetVisitor<R> {
    /**
     * The target is the end of archived WAL.
     *
     * @param target the target
     * @return the result
     */
    R latest(RecoveryTarget.Latest target);

    /**
     * The target is the first consistent moment.
     *
     * @param target the target
     * @return the result
     */
    R immediate(RecoveryTarget.Immediate target);

    /**
     * The target is a moment.
     *
     * @param target the target
     * @return the result
     */
    R time(RecoveryTarget.Time target);

    /**
     * The target is the end of a transaction.
     *
     * @param target the target
     * @return the result
     */
    R xid(RecoveryTarget.Xid target);

    /**
     * The target is a position.
     *
     * @param target the target
     * @return the result
     */
    R lsn(RecoveryTarget.AtLsn target);

    /**
     * The target is a restore point.
     *
     * @param target the target
     * @return the result
     */
    R name(RecoveryTarget.Name target);
}
