package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.recovery.Refusal.Kind;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The words of each refusal: what is wrong, where, what to do. */
final class Refusals {
    private Refusals() {}

    static Refusal otherCluster(long stored, long expected) {
        return of(
                Kind.OTHER_CLUSTER,
                null,
                "The catalogue is that of cluster " + Long.toUnsignedString(stored) + ", expected was "
                        + Long.toUnsignedString(expected) + ". Open the repository of the right cluster.");
    }

    static Refusal otherVersion(int stored, int binaries) {
        return of(
                Kind.OTHER_VERSION,
                null,
                "The backups are of PostgreSQL " + stored + ", the server binaries of " + binaries
                        + ". Use binaries of PostgreSQL " + stored + ".");
    }

    static Refusal noBackup() {
        return of(Kind.NO_BACKUP, null, "There is no complete backup. Archived WAL alone can't be restored.");
    }

    static Refusal backupUnknown(String id, List<Backup> backups) {
        String newest = backups.stream()
                .sorted(Planner.NEWEST_FIRST)
                .limit(3)
                .map(Backup::id)
                .collect(Collectors.joining(", "));
        return of(Kind.BACKUP_UNKNOWN, null, "There is no complete backup " + id + ". The newest are " + newest + ".");
    }

    static Refusal timelineUnknown(Backup backup, TimelineId timeline, Collection<TimelineId> known) {
        return of(
                Kind.TIMELINE_UNKNOWN,
                backup,
                "Timeline " + timeline + " doesn't exist; known are " + list(known) + ".");
    }

    static Refusal historyMissing(Backup backup, TimelineId timeline) {
        return of(
                Kind.HISTORY_MISSING,
                backup,
                "The history file " + timeline.toHex() + ".history isn't stored, so no server can follow timeline "
                        + timeline
                        + ". Archive it from the pg_wal of a server that is or was on this timeline, or take a"
                        + " base backup of that server, which archives it too.");
    }

    static Refusal newerTimelinesHidden(Backup backup, TimelineId reached, Collection<TimelineId> hidden) {
        String missing = new TimelineId(reached.value() + 1).toHex() + ".history";
        return of(
                Kind.HISTORY_MISSING,
                backup,
                "\"latest\" would end at timeline " + reached + ", because " + missing
                        + " isn't stored, though there are traces of timeline " + list(hidden)
                        + ". Archive the missing history file, or name the timeline by its number.");
    }

    static Refusal unreachable(Backup backup, TimelineHistory history) {
        String where = history.forks().stream()
                .filter(fork -> fork.parent().equals(backup.stopTimeline()))
                .findFirst()
                .map(fork -> "which left timeline " + fork.parent() + " at " + fork.switchPoint())
                .orElse("of which timeline " + backup.stopTimeline() + " is no part");
        return of(
                Kind.TIMELINE_UNREACHABLE,
                backup,
                "It is consistent at " + backup.stopLsn() + " on timeline " + backup.stopTimeline()
                        + "; that is not on the way to timeline " + history.timeline() + ", " + where + ".");
    }

    static Refusal beforeConsistent(Backup backup, String target) {
        return of(
                Kind.BEFORE_CONSISTENT,
                backup,
                "It is consistent only from " + backup.stopLsn() + " (" + Words.time(backup.finishedAt()) + "), after "
                        + target + ".");
    }

    static Refusal afterWal(Backup backup, Lsn target, WalSegment lastArchived) {
        return of(
                Kind.TARGET_AFTER_WAL,
                backup,
                "The archived WAL ends with " + lastArchived + ", before " + Words.end(lastArchived) + "; " + target
                        + " isn't archived. If its segment is still on the server, archive it.");
    }

    static Refusal ownWalMissing(Backup backup, List<WalCoverage.Run> missing) {
        return new Refusal(
                Kind.WAL_GAP,
                backup.id(),
                "WAL that it needs to become consistent isn't archived: " + Words.ranges(missing)
                        + ". If the segments are still on the server, archive them.",
                missing,
                null);
    }

    static Refusal gap(Backup backup, List<WalCoverage.Run> missing) {
        return new Refusal(
                Kind.WAL_GAP,
                backup.id(),
                "The archived WAL has a gap: " + Words.ranges(missing) + ". It is unbroken up to "
                        + missing.get(0).first().start()
                        + ". If the segments are still on a server or in another copy, archive them.",
                missing,
                null);
    }

    static Refusal switchSegmentMissing(Backup backup, List<WalCoverage.Run> missing) {
        WalSegment first = missing.get(0).first();
        return new Refusal(
                Kind.SWITCH_SEGMENT_MISSING,
                backup.id(),
                "Timeline " + first.timeline() + "'s own copy of the segment in which it begins isn't archived: "
                        + Words.ranges(missing) + ". With the parent's file in its place a server would replay past "
                        + "the fork. Archive it from a server of timeline " + first.timeline() + ".",
                missing,
                null);
    }

    private static Refusal of(Kind kind, @Nullable Backup backup, String reason) {
        return new Refusal(kind, backup == null ? null : backup.id(), reason, List.of(), null);
    }

    private static String list(Collection<TimelineId> timelines) {
        return timelines.stream().map(TimelineId::toString).collect(Collectors.joining(", "));
    }
}
