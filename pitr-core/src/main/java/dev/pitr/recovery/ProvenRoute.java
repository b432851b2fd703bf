package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.recovery.RecoveryStop.Side;
import dev.pitr.recovery.RecoveryStop.StoppingRecord;
import dev.pitr.wal.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges a path by what is inside its WAL: whether, and where, a server that starts from the backup stops. */
final class ProvenRoute {
    /**
     * What a route is made of.
     *
     * @param proof what was found
     * @param last the number of the last segment that the server needs
     * @param isCutShort whether the path goes on behind what can be replayed
     */
    record Reach(Proof proof, long last, boolean isCutShort) {}

    /** Either a reach or why there is none; empty if missing segments are why. */
    record Judgement(Optional<Reach> reach, Optional<Refusal> refusal) {
        private static Judgement of(Refusal refusal) {
            return new Judgement(Optional.empty(), Optional.of(refusal));
        }

        private static Judgement of(Proof proof, long last, boolean isCutShort) {
            return new Judgement(Optional.of(new Reach(proof, last, isCutShort)), Optional.empty());
        }

        private static Judgement gap() {
            return new Judgement(Optional.empty(), Optional.empty());
        }
    }

    private final RestoreRequest request;
    private final Backup backup;
    private final TimelinePath path;
    private final WalIndex index;
    private final long unbroken;
    private final boolean goesOn;

    /**
     * Prepares to judge.
     *
     * @param unbroken the last segment of the unbroken path
     * @param goesOn whether the path goes on behind a gap
     */
    ProvenRoute(
            RestoreRequest request, Backup backup, TimelinePath path, WalIndex index, long unbroken, boolean goesOn) {
        this.request = request;
        this.backup = backup;
        this.path = path;
        this.index = index;
        this.unbroken = unbroken;
        this.goesOn = goesOn;
    }

    Judgement judge() {
        StopSearch found = search(request.target());
        RecoveryStop stop = found.stop();
        if (stop.outcome() == Outcome.STOPS_EXACTLY) {
            return request.target() instanceof RecoveryTarget.Latest
                    ? latest(found)
                    : reached(request.target(), found, List.of());
        }
        return switch (stop.failure().orElseThrow()) {
            case STOP_BEFORE_CONSISTENT -> Judgement.of(Refusals.metBeforeConsistent(backup, stop));
            case WAL_LEVEL_MINIMAL ->
                request.target() instanceof RecoveryTarget.Latest && request.endBeforeGap()
                        ? atLastRecord(found, true)
                        : Judgement.of(Refusals.walLevelMinimal(backup, stop));
            case BACKUP_CANCELED -> Judgement.of(Refusals.canceled(backup, stop));
            case TARGET_NOT_REACHED, WAL_ENDS_BEFORE_CONSISTENT -> notReached(found);
        };
    }

    private StopSearch search(RecoveryTarget target) {
        return new StopFinder(backup, target, path, index, StopFinder.Purpose.PLAN).find(unbroken);
    }

    private Judgement reached(RecoveryTarget target, StopSearch found, List<String> remarks) {
        return Judgement.of(new Proof(target, found, found.stop(), remarks), found.lastSegment(), false);
    }

    /**
     * The end of the WAL as a position, so that a server that can't get so far ends with an error instead of opening
     * early.
     */
    private Judgement latest(StopSearch found) {
        Optional<WalFault> fault = found.fault();
        boolean isDamaged = fault.isPresent()
                && (!fault.get().isPlainEnd() || fault.get().segment().number() < unbroken);
        if ((isDamaged || goesOn) && !request.endBeforeGap()) {
            return isDamaged ? Judgement.of(Refusals.damaged(backup, fault.get())) : Judgement.gap();
        }
        boolean isCutShort = isDamaged || goesOn;
        if (request.openEnded() && !isCutShort) {
            return Judgement.of(new Proof(request.target(), found, found.stop(), List.of()), unbroken, false);
        }
        return atLastRecord(found, isCutShort);
    }

    private Judgement atLastRecord(StopSearch found, boolean isCutShort) {
        if (found.lastRecord().isEmpty() || found.stop().end().isBefore(backup.stopLsn())) {
            return Judgement.of(Refusals.neverConsistent(backup, found.stop()));
        }
        RecoveryTarget target = RecoveryTarget.lsn(found.lastRecord().get().start());
        List<String> remarks = new ArrayList<>();
        remarks.add("The end of the archived WAL is written as a position, "
                + found.stop().end()
                + ", so that the server can't stop short of it without an error. What is archived after this plan was made"
                + " isn't replayed; a plan that is asked to be open-ended replays it.");
        return Judgement.of(new Proof(target, found, atEnd(found), remarks), found.lastSegment(), isCutShort);
    }

    private static RecoveryStop atEnd(StopSearch found) {
        RecoveryStop stop = found.stop();
        Lsn last = found.lastRecord().orElseThrow().start();
        List<String> messages = new ArrayList<>();
        stop.consistentAt().map(ServerMessages::consistent).ifPresent(messages::add);
        messages.add(ServerMessages.atPosition(Side.AFTER, last));
        return new RecoveryStop(new RecoveryStop.Parts(
                Outcome.STOPS_EXACTLY,
                Optional.empty(),
                stop.end(),
                Optional.of(new StoppingRecord(last, Side.AFTER, Optional.empty(), Optional.empty(), Optional.empty())),
                stop.lastCommit(),
                stop.lastTransaction(),
                stop.consistentAt(),
                messages));
    }

    private Judgement notReached(StopSearch found) {
        Optional<WalFault> fault = found.fault();
        if (fault.isPresent()
                && (!fault.get().isPlainEnd() || fault.get().segment().number() < unbroken)) {
            return Judgement.of(Refusals.damaged(backup, fault.get()));
        }
        if (goesOn) {
            return Judgement.gap();
        }
        RecoveryStop stop = found.stop();
        if (request.target() instanceof RecoveryTarget.Time time) {
            return idle(time, found);
        }
        if (request.target() instanceof RecoveryTarget.AtLsn at) {
            return Judgement.of(Refusals.behindLastRecord(backup, at.lsn(), stop));
        }
        if (request.target() instanceof RecoveryTarget.Immediate && !stop.end().isBefore(backup.stopLsn())) {
            return Judgement.of(Refusals.nothingBehindConsistency(backup, stop));
        }
        return request.target() instanceof RecoveryTarget.Xid || request.target() instanceof RecoveryTarget.Name
                ? Judgement.of(Refusals.notFound(backup, request.target(), path.at(unbroken)))
                : Judgement.of(Refusals.neverConsistent(backup, stop));
    }

    /** Nothing ended later than the time; but another record may prove that the time has passed. */
    private Judgement idle(RecoveryTarget.Time time, StopSearch found) {
        return new LaterRecord(backup, path, index, unbroken)
                .find(time, found.stop())
                .map(later -> {
                    RecoveryTarget position = RecoveryTarget.lsn(later.start()).exclusive();
                    String remark = "No transaction ended later than " + TargetTimes.print(time.effective())
                            + " in the archived WAL, so a server with that target would end with an error. The record at "
                            + later.start() + ", written at " + TargetTimes.print(later.time())
                            + " or later, proves that the time has passed: the target is written as its position.";
                    return reached(position, search(position), List.of(remark));
                })
                .orElseGet(() -> Judgement.of(Refusals.timeAfterWal(backup, time, found.stop())));
    }
}
