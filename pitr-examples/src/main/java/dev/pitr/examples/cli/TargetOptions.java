package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.TargetAction;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalFormatException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say where recovery shall stop. */
final class TargetOptions {
    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(
            names = "--exclusive",
            description = "Stop just before the target instead of just after it (time, xid, lsn).")
    private boolean exclusive;

    @Option(
            names = "--target-timeline",
            paramLabel = "current|latest|NUMBER",
            description = "The timeline to follow. Default: latest.")
    private @Nullable String timeline;

    @Option(
            names = "--target-action",
            paramLabel = "pause|promote|shutdown",
            description = "What the server does at the target. Default: pause, so that a person can look first.")
    private @Nullable String action;

    @Option(names = "--backup", paramLabel = "ID", description = "Restore from this backup. Default: the best one.")
    private @Nullable String backup;

    @Option(
            names = "--end-before-gap",
            description = "Let the end of the WAL lie before a gap or damage, instead of refusing.")
    private boolean endBeforeGap;

    @Option(
            names = "--open-ended",
            description = "With --target-latest, also replay what is archived after planning; sets no target.")
    private boolean openEnded;

    /** Exactly one of these. */
    static final class Target {
        @Option(
                names = "--target-time",
                paramLabel = "TIME",
                description = "A moment with a zone, 2026-11-20T14:46:00Z.")
        private @Nullable String time;

        @Option(names = "--target-xid", paramLabel = "XID", description = "The end of this transaction.")
        private @Nullable String xid;

        @Option(names = "--target-lsn", paramLabel = "LSN", description = "A position in the WAL, such as 16/B374D848.")
        private @Nullable String lsn;

        @Option(names = "--target-name", paramLabel = "NAME", description = "A restore point.")
        private @Nullable String name;

        @Option(names = "--target-immediate", description = "As soon as the backup is consistent.")
        @SuppressWarnings("UnusedVariable") // what is left when no other is set
        private boolean immediate;

        @Option(names = "--target-latest", description = "The end of the archived WAL.")
        private boolean latest;
    }

    RestorePlan plan(Pitr pitr) {
        RestorePlanBuilder plan = pitr.plan(target());
        if (timeline != null) {
            plan.timeline(TimelineTarget.parse(timeline));
        }
        if (action != null) {
            plan.action(TargetAction.parse(action));
        }
        if (backup != null) {
            plan.backup(backup);
        }
        if (endBeforeGap) {
            plan.endBeforeGap();
        }
        if (openEnded) {
            plan.openEnded();
        }
        return plan.build();
    }

    private RecoveryTarget target() {
        if (target.time != null) {
            RecoveryTarget.Time time = RecoveryTarget.parseTime(target.time, ZoneId.systemDefault());
            return exclusive ? time.exclusive() : time;
        }
        if (target.xid != null) {
            RecoveryTarget.Xid xid = RecoveryTarget.parseXid(target.xid);
            return exclusive ? xid.exclusive() : xid;
        }
        if (target.lsn != null) {
            RecoveryTarget.AtLsn lsn = RecoveryTarget.lsn(parseLsn(target.lsn));
            return exclusive ? lsn.exclusive() : lsn;
        }
        return withoutExclusive();
    }

    /** A typing error, where the library can't tell whether a person or a file is wrong. */
    private static Lsn parseLsn(String text) {
        try {
            return Lsn.parse(text);
        } catch (WalFormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private RecoveryTarget withoutExclusive() {
        if (exclusive) {
            throw new IllegalArgumentException(
                    "Cannot combine --exclusive with this target: it goes with --target-time, --target-xid, --target-lsn");
        }
        if (target.name != null) {
            return RecoveryTarget.name(target.name);
        }
        return target.latest ? RecoveryTarget.latest() : RecoveryTarget.immediate();
    }
}
