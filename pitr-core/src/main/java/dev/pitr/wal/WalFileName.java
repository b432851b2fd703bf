package dev.pitr.wal;

import java.util.Optional;

/**
 * The name of a file that a server archives: a segment, a partial segment, a timeline history or a backup history.
 *
 * <p>Parsed strictly, by the segment size of the cluster: upper-case digits only, nothing before or after, no segment
 * that a server with that segment size would not write. {@code parse(x.name()).equals(x)}.
 */
public sealed interface WalFileName {
    /**
     * Parses a file name.
     *
     * @param name the name, without any folder
     * @param size the cluster's segment size
     * @return the parsed name
     * @throws WalFormatException if a server with this segment size doesn't archive a file of this name
     */
    static WalFileName parse(String name, WalSegmentSize size) {
        return find(name, size)
                .orElseThrow(() -> new WalFormatException("\"" + name
                        + "\" is no name of a file that a server archives: expected a WAL segment, .partial, .history"
                        + " or .backup, with segments of " + size.bytes() + " bytes"));
    }

    /**
     * Parses a file name if it is one.
     *
     * @param name the name, without any folder
     * @param size the cluster's segment size
     * @return the parsed name, empty if a server with this segment size doesn't archive a file of this name
     */
    static Optional<WalFileName> find(String name, WalSegmentSize size) {
        try {
            if (name.length() == 24) {
                return Optional.of(new Segment(WalSegment.parse(name, size)));
            }
            if (name.length() == 32 && name.endsWith(".partial")) {
                return Optional.of(new Partial(WalSegment.parse(name.substring(0, 24), size)));
            }
            if (name.length() == 16 && name.endsWith(".history") && WalNames.isUpperHex(name, 0, 8)) {
                return Optional.of(new History(new TimelineId(Long.parseLong(name, 0, 8, 16))));
            }
            if (name.length() == 40
                    && name.endsWith(".backup")
                    && name.charAt(24) == '.'
                    && WalNames.isUpperHex(name, 25, 33)) {
                return Optional.of(new BackupHistory(
                        WalSegment.parse(name.substring(0, 24), size), Long.parseLong(name, 25, 33, 16)));
            }
            return Optional.empty();
        } catch (WalFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the file name.
     *
     * @return the name, without any folder
     */
    String name();

    /**
     * Returns the timeline that the first eight digits name.
     *
     * @return the timeline
     */
    TimelineId timeline();

    /**
     * A whole segment.
     *
     * @param segment which
     */
    record Segment(WalSegment segment) implements WalFileName {
        @Override
        public String name() {
            return segment.name();
        }

        @Override
        public TimelineId timeline() {
            return segment.timeline();
        }
    }

    /**
     * The last segment of a timeline that ended inside it. Recovery never asks for it.
     *
     * @param segment the segment of which it holds a part
     */
    record Partial(WalSegment segment) implements WalFileName {
        @Override
        public String name() {
            return segment.name() + ".partial";
        }

        @Override
        public TimelineId timeline() {
            return segment.timeline();
        }
    }

    /**
     * A timeline's history.
     *
     * @param timeline the new timeline, not its parent; a server writes none for timeline 1
     */
    record History(TimelineId timeline) implements WalFileName {
        /** Checks that the timeline has a parent. */
        public History {
            if (timeline.equals(TimelineId.FIRST)) {
                throw new WalFormatException("Timeline 1 has no history file");
            }
        }

        @Override
        public String name() {
            return timeline.toHex() + ".history";
        }
    }

    /**
     * What a primary archives at the end of a base backup.
     *
     * @param segment the segment of the backup's start position
     * @param offset the start position's offset in that segment, in bytes
     */
    record BackupHistory(WalSegment segment, long offset) implements WalFileName {
        /** Checks that the offset lies in the segment. */
        public BackupHistory {
            if (offset < 0 || offset >= segment.size().bytes()) {
                throw new WalFormatException("Offset " + offset + " lies outside segment " + segment);
            }
        }

        @Override
        public String name() {
            return segment.name() + "." + WalNames.hex8(offset) + ".backup";
        }

        @Override
        public TimelineId timeline() {
            return segment.timeline();
        }
    }
}
