package dev.pitr.recovery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** PostgreSQL's times: their range, their precision, their text with an explicit offset. */
final class TargetTimes {
    /** The year 1; PostgreSQL's range begins earlier, but no commit was made before. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    /** The end of the range of {@code timestamptz}. */
    private static final Instant LAST = Instant.parse("+294276-12-31T23:59:59.999999Z");

    private static final DateTimeFormatter PARSER = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[' ']")
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private TargetTimes() {}

    static void check(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new InvalidTargetException(
                    "Cannot use recovery target time " + time + ": PostgreSQL's times end with the year 294276, and no"
                            + " transaction was committed before the year 1");
        }
    }

    /** Rounds to the microsecond that stops before the same record; see {@link RecoveryTarget.Time}. */
    static Instant toMicroseconds(Instant time, Inclusion inclusion) {
        Instant floor = time.truncatedTo(ChronoUnit.MICROS);
        return inclusion == Inclusion.EXCLUSIVE && floor.isBefore(time) ? floor.plus(1, ChronoUnit.MICROS) : floor;
    }

    /** Prints with microseconds and {@code +00}. */
    static String print(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d.%06d+00",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond(),
                utc.getNano() / 1000);
    }

    static Instant parse(String text, ZoneId here) {
        TemporalAccessor parsed;
        try {
            parsed = PARSER.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
        } catch (DateTimeException e) {
            throw new InvalidTargetException("Cannot use recovery target time \"" + text
                    + "\": expected a date, a time and an offset from UTC, such as 2026-11-20 14:26:42.123456+00");
        }
        if (parsed instanceof OffsetDateTime moment) {
            return moment.toInstant();
        }
        throw withoutOffset(text, (LocalDateTime) parsed, here);
    }

    private static InvalidTargetException withoutOffset(String text, LocalDateTime local, ZoneId here) {
        Instant inUtc = local.toInstant(ZoneOffset.UTC);
        Instant inHere = local.atZone(here).toInstant();
        return new InvalidTargetException("Cannot use recovery target time \"" + text
                + "\": it has no offset from UTC. Write " + print(inUtc) + " if it is in UTC, or " + print(inHere)
                + " if it is in " + here);
    }
}
