package dev.pitr.e2e.differential;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Moments as a server prints them in its log, with {@code timezone} UTC. */
final class ServerTime {
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .appendLiteral("+00")
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private ServerTime() {}

    static String print(Instant time) {
        return FORMAT.format(time);
    }
}
