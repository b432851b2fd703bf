package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How values read in texts for people. */
final class Words {
    private static final int MAX_RANGES = 3;

    private Words() {}

    /** A time without the fraction, in UTC. */
    static String time(Instant time) {
        return TargetTimes.print(time).replaceFirst("\\.\\d+", "");
    }

    /** The position behind a segment; for the very last one, its last byte. */
    static Lsn end(WalSegment segment) {
        Lsn last = segment.last();
        return last.value() == -1 ? last : last.plus(1);
    }

    /** Kind and value of a target. */
    static String target(RecoveryTarget target) {
        return (target.keyword() + " " + target.value()).strip();
    }

    /** At most three ranges by name, with their lengths. */
    static String ranges(List<WalCoverage.Run> runs) {
        String shown = runs.stream().limit(MAX_RANGES).map(Words::range).collect(Collectors.joining(", "));
        int hidden = runs.size() - MAX_RANGES;
        return hidden > 0 ? shown + " and " + count(hidden, "more range") : shown;
    }

    static String range(WalCoverage.Run run) {
        long count = run.last().number() - run.first().number() + 1;
        return count == 1 ? run.first().name() : run.first() + " to " + run.last() + " (" + count + " segments)";
    }

    static String count(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /** In the largest unit that leaves at least one. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return count(bytes, "byte");
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1023.95 && unit < 4) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTP".charAt(unit));
    }
}
