package dev.pitr.recovery;

import dev.pitr.recovery.StopPrediction.Kind;
import dev.pitr.wal.Lsn;

/** What can be said of the stop from positions alone; a route whose WAL was read tells by itself. */
final class StopPredictor implements RecoveryTargetVisitor<StopPrediction> {
    private final Lsn consistent;
    private final Lsn end;
    private final boolean fromStandby;
    private final boolean reachesEndOfArchive;

    private StopPredictor(Route route) {
        consistent = route.backup().stopLsn();
        end = route.end();
        fromStandby = route.backup().isFromStandby();
        reachesEndOfArchive = route.reachesEndOfArchive();
    }

    static StopPrediction predict(RecoveryTarget target, Route route) {
        return route.proof()
                .map(proof -> proof.target() instanceof RecoveryTarget.Latest
                        ? StopPrediction.notBefore(proof.stop(), route.end())
                        : StopPrediction.exactly(proof.stop()))
                .orElseGet(() -> target.accept(new StopPredictor(route)));
    }

    @Override
    public StopPrediction latest(RecoveryTarget.Latest target) {
        return new StopPrediction(reachesEndOfArchive ? Kind.END_OF_WAL : Kind.END_OF_PLAN, consistent, end);
    }

    /** A primary's backup is consistent at the end of its last record; a standby's at the first end behind a position. */
    @Override
    public StopPrediction immediate(RecoveryTarget.Immediate target) {
        return fromStandby
                ? new StopPrediction(Kind.WITHIN, consistent, end)
                : new StopPrediction(Kind.EXACT, consistent, consistent);
    }

    @Override
    public StopPrediction time(RecoveryTarget.Time target) {
        return unknown();
    }

    @Override
    public StopPrediction xid(RecoveryTarget.Xid target) {
        return unknown();
    }

    /** Exclusive, the record before the position is the last, and where that one begins isn't known. */
    @Override
    public StopPrediction lsn(RecoveryTarget.AtLsn target) {
        return new StopPrediction(
                Kind.WITHIN, target.inclusion() == Inclusion.INCLUSIVE ? target.lsn() : consistent, end);
    }

    @Override
    public StopPrediction name(RecoveryTarget.Name target) {
        return unknown();
    }

    private StopPrediction unknown() {
        return new StopPrediction(Kind.UNKNOWN_UNTIL_WAL_IS_READ, consistent, end);
    }
}
