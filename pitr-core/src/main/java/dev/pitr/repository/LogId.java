package dev.pitr.repository;

import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;

/**
 * The segments of a timeline whose names share their first 16 digits: 4 GiB of WAL, and one page of the index.
 *
 * @param timeline whose WAL
 * @param number the middle part of the names
 * @param size the cluster's segment size
 */
record LogId(TimelineId timeline, long number, WalSegmentSize size) implements Comparable<LogId> {
    /** How many log ids share a roll-up. */
    static final int GROUP = 256;

    static LogId of(WalSegment segment) {
        return new LogId(segment.timeline(), segment.number() / segment.size().segmentsPerLogId(), segment.size());
    }

    static Optional<LogId> parse(String name, WalSegmentSize size) {
        boolean isName = name.length() == 16
                && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))
                && !name.startsWith("00000000");
        return isName
                ? Optional.of(new LogId(
                        new TimelineId(Long.parseLong(name, 0, 8, 16)), Long.parseLong(name, 8, 16, 16), size))
                : Optional.empty();
    }

    /** The first segment that can hold WAL: that of number 0 never does. */
    WalSegment first() {
        return new WalSegment(timeline, Math.max(1, number * size.segmentsPerLogId()), size);
    }

    WalSegment last() {
        return new WalSegment(timeline, (number + 1) * size.segmentsPerLogId() - 1, size);
    }

    /** The log id whose name the roll-up bears that this one belongs to. */
    LogId group() {
        return new LogId(timeline, number / GROUP * GROUP, size);
    }

    String name() {
        return first().name().substring(0, 16);
    }

    @Override
    public int compareTo(LogId other) {
        int byTimeline = timeline.compareTo(other.timeline);
        return byTimeline != 0 ? byTimeline : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return name();
    }
}
