package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Unreadable;
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

    static Refusal backupUnreadable(Unreadable backup) {
        return of(
                Kind.BACKUP_UNREADABLE,
                null,
                "The target is where a backup is consistent, and " + backup.key()
                        + " can't be read, so that it isn't known which is the newest: " + backup.reason()
                        + " Try again, or name the backup to be restored.");
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
                missing);
    }

    static Refusal gap(Backup backup, List<WalCoverage.Run> missing) {
        return new Refusal(
                Kind.WAL_GAP,
                backup.id(),
                "The archived WAL has a gap: " + Words.ranges(missing) + ". It is unbroken up to "
                        + missing.get(0).first().start()
                        + ". If the segments are still on a server or in another copy, archive them.",
                missing);
    }

    static Refusal switchSegmentMissing(Backup backup, List<WalCoverage.Run> missing) {
        WalSegment first = missing.get(0).first();
        return new Refusal(
                Kind.SWITCH_SEGMENT_MISSING,
                backup.id(),
                "Timeline " + first.timeline() + "'s own copy of the segment in which it begins isn't archived: "
                        + Words.ranges(missing) + ". With the parent's file in its place a server would replay past "
                        + "the fork. Archive it from a server of timeline " + first.timeline() + ".",
                missing);
    }

    static Refusal metBeforeConsistent(Backup backup, RecoveryStop stop) {
        String met = stop.record().map(StopText::record).orElse("the target");
        return of(
                Kind.BEFORE_CONSISTENT,
                backup,
                "It is consistent only from " + backup.stopLsn() + ", and recovery would stop before, at " + met + ".");
    }

    static Refusal timeAfterWal(Backup backup, RecoveryTarget.Time target, RecoveryStop stop) {
        String last = stop.lastTransaction()
                .map(end -> "the last one that is archived is " + StopText.transaction(end))
                .orElse("none is archived behind the backup");
        return of(
                Kind.TARGET_AFTER_WAL,
                backup,
                "No transaction ended later than " + TargetTimes.print(target.effective())
                        + " in the archived WAL up to "
                        + stop.end() + ": " + last + ", and no other record there proves that the cluster lived on"
                        + " until then. If the server has newer WAL, archive it.");
    }

    static Refusal timeAfterWal(Backup backup, RecoveryTarget.Time target) {
        return of(
                Kind.TARGET_AFTER_WAL,
                backup,
                "No transaction behind its start ended later than " + TargetTimes.print(target.effective())
                        + " in the archived WAL.");
    }

    static Refusal behindLastRecord(Backup backup, Lsn target, RecoveryStop stop) {
        return of(
                Kind.TARGET_AFTER_WAL,
                backup,
                "The last complete record in the archived WAL ends at " + stop.end() + "; none begins at or behind "
                        + target + ". If the server has newer WAL, archive it.");
    }

    static Refusal nothingBehindConsistency(Backup backup, RecoveryStop stop) {
        return of(
                Kind.TARGET_AFTER_WAL,
                backup,
                "It is consistent at " + stop.end() + ", but no complete record is archived behind that, and the server"
                        + " notices only at the next record. Archive the next segment, or restore to the end of the"
                        + " WAL.");
    }

    static Refusal notFound(Backup backup, RecoveryTarget target, WalSegment last) {
        return of(
                Kind.TARGET_NOT_FOUND,
                backup,
                "Between its start " + backup.startLsn() + " and the end of the archived WAL, segment " + last
                        + " there is no " + what(target) + ".");
    }

    private static String what(RecoveryTarget target) {
        if (target instanceof RecoveryTarget.Xid xid) {
            return "commit or abort of transaction " + xid.xid32();
        }
        return target instanceof RecoveryTarget.Name name
                ? "restore point \"" + name.name() + "\""
                : "record that meets " + Words.target(target);
    }

    static Refusal damaged(Backup backup, WalFault fault) {
        return new Refusal(
                Kind.WAL_DAMAGED,
                backup.id(),
                "The WAL can't be replayed past " + fault.lsn() + " in segment " + fault.segment() + ": "
                        + fault.reason() + ". If a server or another copy has a sound file, set the damaged one aside"
                        + " and archive that.",
                List.of());
    }

    static Refusal walLevelMinimal(Backup backup, RecoveryStop stop) {
        return of(
                Kind.WAL_LEVEL_MINIMAL,
                backup,
                "Behind " + stop.end() + " the server ran with wal_level = minimal: what it did then isn't in the WAL,"
                        + " and recovery can't go on. Restore to a target before, or from a backup taken afterwards.");
    }

    static Refusal canceled(Backup backup, RecoveryStop stop) {
        return of(
                Kind.BACKUP_CANCELED,
                backup,
                "The server was shut down at " + stop.end() + ", before the backup's end: recovery from it ends with an"
                        + " error. Use another backup.");
    }

    static Refusal neverConsistent(Backup backup, RecoveryStop stop) {
        return of(
                Kind.WAL_DAMAGED,
                backup,
                "The archived WAL ends at " + stop.end() + ", and the backup's end isn't among its records, though it"
                        + " should be at " + backup.stopLsn() + ". Use another backup.");
    }

    private static Refusal of(Kind kind, @Nullable Backup backup, String reason) {
        return new Refusal(kind, backup == null ? null : backup.id(), reason, List.of());
    }

    private static String list(Collection<TimelineId> timelines) {
        return timelines.stream().map(TimelineId::toString).collect(Collectors.joining(", "));
    }
}
