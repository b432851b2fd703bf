package dev.pitr.recovery;

import dev.pitr.wal.TimelineId;

/**
 * Which timeline recovery follows: {@code recovery_target_timeline}. A plan always resolves it to a number.
 *
 * <p>{@code parse(x.toString()).equals(x)}.
 */
public sealed interface TimelineTarget {
    /**
     * Returns the timeline on which the backup ended.
     *
     * @return the target
     */
    static TimelineTarget current() {
        return new Current();
    }

    /**
     * Returns the newest timeline: the highest number that the server would find, which needn't be a descendant of the
     * backup's. PostgreSQL's default.
     *
     * @return the target
     */
    static TimelineTarget latest() {
        return new Latest();
    }

    /**
     * Returns the timeline with this number.
     *
     * @param timeline the timeline
     * @return the target
     */
    static TimelineTarget number(TimelineId timeline) {
        return new Number(timeline);
    }

    /**
     * Parses the text form. A leading zero and {@code 0x} are refused, since the server reads them as octal and
     * hexadecimal.
     *
     * @param text {@code current}, {@code latest} or a decimal number
     * @return the target
     * @throws InvalidTargetException if the text is none of them
     */
    static TimelineTarget parse(String text) {
        if (text.equals("current")) {
            return current();
        }
        if (text.equals("latest")) {
            return latest();
        }
        long number = Numbers.parseDecimal(text, 10);
        if (number < 1 || number > 0xFFFF_FFFFL) {
            throw new InvalidTargetException("Cannot use target timeline \"" + text
                    + "\": expected current, latest or a decimal number from 1 to 4294967295");
        }
        return number(new TimelineId(number));
    }

    /** The timeline on which the backup ended. */
    record Current() implements TimelineTarget {
        @Override
        public String toString() {
            return "current";
        }
    }

    /** The highest number that the server would find. */
    record Latest() implements TimelineTarget {
        @Override
        public String toString() {
            return "latest";
        }
    }

    /**
     * A given timeline.
     *
     * @param timeline which
     */
    @SuppressWarnings("JavaLangClash")
    record Number(TimelineId timeline) implements TimelineTarget {
        @Override
        public String toString() {
            return timeline.toString();
        }
    }
}
