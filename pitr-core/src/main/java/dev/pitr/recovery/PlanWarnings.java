package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Unreadable;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a person should know of a plan before going on. */
final class PlanWarnings {
    private final RestoreRequest request;
    private final Route route;
    private final Timelines timelines;
    private final WalCoverage wal;
    private final List<Unreadable> unreadable;
    private final Optional<ProofWarnings> proven;
    private final List<String> warnings = new ArrayList<>();

    PlanWarnings(RestoreRequest request, Route route, Planner planner) {
        this.request = request;
        this.route = route;
        this.timelines = planner.timelines();
        this.wal = planner.catalogue().wal();
        this.unreadable = planner.catalogue().unreadable();
        this.proven = planner.index()
                .flatMap(index -> route.proof().map(proof -> new ProofWarnings(planner, route, proof, index)));
    }

    List<String> list() {
        unreadable.forEach(object ->
                warnings.add(object.key() + " can't be read, and this plan does without it: " + object.reason()));
        endOfWal();
        proven.ifPresent(found -> warnings.addAll(found.list()));
        action();
        unread();
        xid();
        timeline();
        backup();
        return warnings;
    }

    private void endOfWal() {
        boolean isLatest = request.target() instanceof RecoveryTarget.Latest;
        if (route.isCutShort()) {
            warnings.add("The plan ends before a gap: the segment behind " + route.last() + " isn't archived. "
                    + (isLatest
                            ? "The restored server will lack everything from the gap on."
                            : "If the target lies behind the gap, the server ends with an error."));
        }
        if (route.isCarried() && isLatest) {
            Optional<WalSegment> archived = wal.newest(route.history().timeline())
                    .filter(newest -> newest.number() > route.last().number());
            warnings.add(
                    "Only the WAL that the backup carries is used: the restored server will be as old as the backup."
                            + archived.map(newest -> " Archived WAL goes on to " + newest + ".")
                                    .orElse(""));
        }
    }

    private void action() {
        Optional<TargetAction> action = request.action();
        boolean isUnset = request.target() instanceof RecoveryTarget.Latest
                && route.proof()
                        .filter(proof -> !(proof.target() instanceof RecoveryTarget.Latest))
                        .isEmpty();
        if (isUnset) {
            if (action.isPresent() && action.get() != TargetAction.PROMOTE) {
                warnings.add("Without a target the server ignores the action " + action.get()
                        + ": at the end of the WAL it promotes.");
            }
        } else if (action.orElse(usual()) == TargetAction.PAUSE) {
            pause();
        }
    }

    private TargetAction usual() {
        return request.target() instanceof RecoveryTarget.Latest ? TargetAction.PROMOTE : TargetAction.PAUSE;
    }

    private void pause() {
        if ("off".equals(route.backup().settings().get("hot_standby"))) {
            warnings.add(
                    "The backup was made with hot_standby = off. If the restored server runs with it, it shuts down"
                            + " at the target instead of pausing.");
            return;
        }
        switch (proven.map(ProofWarnings::hotStandby).orElse(HotStandby.State.UNKNOWN)) {
            case OPEN -> {}
            case CLOSED ->
                warnings.add("At the target the server isn't readable yet: no complete snapshot of running transactions"
                        + " comes before it, because one of them has too many subtransactions. So it promotes instead of"
                        + " pausing. Ask for shutdown if it shall not.");
            case UNKNOWN ->
                warnings.add(
                        "If the server isn't readable yet at the target, because long transactions are still open, it"
                                + " promotes instead of pausing.");
        }
    }

    /** A time or a position can be compared with a backup, a transaction or a name can't before the WAL is read. */
    private void unread() {
        if (route.proof().isPresent()) {
            return;
        }
        if (request.target() instanceof RecoveryTarget.Xid || request.target() instanceof RecoveryTarget.Name) {
            warnings.add("Whether the target lies behind the backup's stop position "
                    + route.backup().stopLsn()
                    + " isn't known before the server reads the WAL. If it is older, recovery ends with an error: name"
                    + " an earlier backup then.");
        }
    }

    private void xid() {
        if (request.target() instanceof RecoveryTarget.Xid xid && xid.xid() != xid.xid32()) {
            warnings.add("The server compares 32 bits: " + Long.toUnsignedString(xid.xid()) + " becomes " + xid.xid32()
                    + ", and the first transaction of that number behind the backup stops recovery.");
        }
    }

    private void timeline() {
        TimelineId next = timelines.nextAfter(route.history().timeline());
        if (timelines.known().contains(next)) {
            warnings.add("When promoted, the restored server will call its timeline " + next + ", which is taken: "
                    + next.toHex() + ".history isn't stored, but there are traces of that timeline. Archive the file"
                    + " first, or keep the restored server from archiving into this repository.");
        }
        for (TimelineId ancestor : timelines.ancestorsWithoutFile(route.history(), route.backup())) {
            warnings.add("The history file " + ancestor.toHex() + ".history isn't stored. This restore does without it,"
                    + " a restore to timeline " + ancestor + " would not.");
        }
    }

    private void backup() {
        Backup backup = route.backup();
        for (String warning : backup.warnings()) {
            warnings.add("When the backup was made, the server warned: " + warning);
        }
    }
}
