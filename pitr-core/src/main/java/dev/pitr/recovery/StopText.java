package dev.pitr.recovery;

import dev.pitr.recovery.RecoveryStop.Failure;
import dev.pitr.recovery.RecoveryStop.Side;
import dev.pitr.recovery.RecoveryStop.StoppingRecord;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;

/** A recovery's end in words. */
final class StopText {
    private StopText() {}

    static String of(RecoveryStop stop) {
        return switch (stop.outcome()) {
            case STOPS_EXACTLY -> "Exactly at " + stop.end() + where(stop) + shows(stop);
            case ENDS_ELSEWHERE -> "Without an error at " + stop.end() + where(stop) + shows(stop);
            case FAILS ->
                "The server would end with an error at " + stop.end() + ": "
                        + stop.failure().map(StopText::failure).orElse("") + ".";
        };
    }

    private static String where(RecoveryStop stop) {
        return stop.record()
                .map(record -> ", " + side(record.side()) + " " + record(record))
                .orElse(", the end of the WAL");
    }

    private static String shows(RecoveryStop stop) {
        return stop.lastCommit()
                .map(commit -> "; the last commit replayed is that of transaction " + commit.xid() + " at "
                        + TargetTimes.print(commit.time()) + ".")
                .orElse("; no commit behind the backup's start is replayed.");
    }

    static String record(StoppingRecord record) {
        return record.transaction()
                .map(StopText::transaction)
                .or(() -> record.restorePoint().map(name -> "restore point \"" + name + "\""))
                .orElse("the record at " + record.start());
    }

    static String transaction(StopPoint stop) {
        return kind(stop.kind()) + " of transaction " + stop.xid() + " at " + TargetTimes.print(stop.time());
    }

    private static String kind(StopRecord.Kind kind) {
        return switch (kind) {
            case COMMIT -> "the commit";
            case ABORT -> "the abort";
            case COMMIT_PREPARED -> "the commit (prepared)";
            case ABORT_PREPARED -> "the abort (prepared)";
        };
    }

    private static String side(Side side) {
        return side == Side.BEFORE ? "before" : "after";
    }

    private static String failure(Failure failure) {
        return switch (failure) {
            case STOP_BEFORE_CONSISTENT -> "the target is met before the backup is consistent";
            case TARGET_NOT_REACHED -> "the WAL ends and nothing in it meets the target";
            case WAL_ENDS_BEFORE_CONSISTENT -> "the WAL ends before the backup is consistent";
            case WAL_LEVEL_MINIMAL -> "the server that wrote the WAL ran with wal_level = minimal from there on";
            case BACKUP_CANCELED -> "the server was shut down while the backup ran";
        };
    }
}
