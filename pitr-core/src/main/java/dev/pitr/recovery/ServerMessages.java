package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.StopPoint;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** What a recovering server writes to its log, in its own words: {@code xlogrecovery.c}, alike in versions 13 to 18. */
final class ServerMessages {
    static final String AT_CONSISTENCY = "recovery stopping after reaching consistency";

    private ServerMessages() {}

    static String consistent(Lsn lsn) {
        return "consistent recovery state reached at " + lsn;
    }

    static String atTransaction(RecoveryStop.Side side, StopPoint stop) {
        return beginningAtTransaction(side, stop) + time(stop.time());
    }

    /** Without the time, for which many minor versions print 2000-01-01 if they stop before a transaction by number. */
    static String beginningAtTransaction(RecoveryStop.Side side, StopPoint stop) {
        String end = stop.kind().isCommit() ? "commit" : "abort";
        return "recovery stopping " + side.name().toLowerCase(Locale.ROOT) + " " + end + " of transaction " + stop.xid()
                + ", time ";
    }

    static String atPosition(RecoveryStop.Side side, Lsn recordStart) {
        return "recovery stopping " + side.name().toLowerCase(Locale.ROOT) + " WAL location (LSN) \"" + recordStart
                + "\"";
    }

    static String atRestorePoint(String name, Instant time) {
        return "recovery stopping at restore point \"" + name + "\", time " + time(time);
    }

    static String failure(RecoveryStop.Failure failure, Backup backup) {
        return switch (failure) {
            case STOP_BEFORE_CONSISTENT -> "requested recovery stop point is before consistent recovery point";
            case TARGET_NOT_REACHED -> "recovery ended before configured recovery target was reached";
            case WAL_ENDS_BEFORE_CONSISTENT ->
                backup.isFromStandby()
                        ? "WAL ends before consistent recovery point"
                        : "WAL ends before end of online backup";
            case WAL_LEVEL_MINIMAL ->
                backup.identity().version().isAtLeast(PostgresVersion.V14)
                        ? "cannot continue recovering"
                        : "hot standby is not possible because wal_level was not set";
            case BACKUP_CANCELED -> "online backup was canceled, recovery cannot continue";
        };
    }

    /** {@code timestamptz_to_str} with {@code timezone = UTC}: a fraction only if there is one, without zeros behind. */
    static String time(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        String fraction =
                String.format(Locale.ROOT, ".%06d", utc.getNano() / 1000).replaceFirst("\\.?0+$", "");
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d%s+00",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond(),
                fraction);
    }
}
