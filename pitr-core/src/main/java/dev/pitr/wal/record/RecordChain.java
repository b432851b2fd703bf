package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a stretch of WAL hang together, and how they continue those before: each record names the start of
 * the one before it, and a record may begin in one segment and end in another.
 *
 * <p>Immutable.
 */
public final class RecordChain {
    /** {@code XLOG_SWITCH} in {@code pg_control.h}. */
    private static final int SWITCH = 0x40;

    private final PostgresVersion version;
    private final Head head;
    private final @Nullable Link first;
    private final @Nullable Span last;
    private final @Nullable Tail tail;
    private final @Nullable Lsn brokenAt;
    private final WalEnd end;

    private RecordChain(Builder builder) {
        version = builder.version;
        head = builder.head;
        first = builder.first;
        last = builder.last;
        tail = builder.tail;
        brokenAt = builder.brokenAt;
        end = builder.end;
    }

    /**
     * Starts to describe a chain.
     *
     * @param version the version that wrote it
     * @param head how the first page begins
     * @param end why no further record follows in the last segment
     * @return a builder
     */
    public static Builder builder(PostgresVersion version, Head head, WalEnd end) {
        return new Builder(version, head, end);
    }

    /**
     * A record and the one before it.
     *
     * @param start the record's first byte
     * @param previous the start of the record before, as this one says; {@link Lsn#ZERO} at the very first
     */
    public record Link(Lsn start, Lsn previous) {}

    /**
     * Where a record lies.
     *
     * @param start its first byte
     * @param end where it ends, the server's {@code EndRecPtr}
     */
    public record Span(Lsn start, Lsn end) {}

    /**
     * How the first page of a stretch begins.
     *
     * @param kind with what
     * @param page the page's position
     * @param length for a {@link Kind#CONTINUATION}: how many bytes of the record are still to come from here on; else 0
     * @param fragment those of them that the stretch holds
     * @param end where the record ends, or where the stretch does if it goes on
     */
    public record Head(Kind kind, Lsn page, long length, RecordFragment fragment, Lsn end) {
        /** Checks that the numbers fit each other. */
        public Head {
            boolean isLengthOfKind = kind == Kind.CONTINUATION ? length > 0 : length == 0;
            if (!isLengthOfKind || length > RecordHeader.MAX_BYTES || fragment.length() > length) {
                throw new IllegalArgumentException(
                        kind + " of " + length + " bytes, " + fragment.length() + " of them at hand");
            }
        }

        /** What the first page begins with. */
        public enum Kind {
            /** A record of its own. */
            RECORD,
            /** The rest of a record that began before: it counts once the stretch is joined to the one before. */
            CONTINUATION,
            /** A record that stands in place of the rest of one that a crash cut off. */
            OVERWRITTEN,
            /** The rest of a record that has been joined already. */
            JOINED
        }

        /**
         * Tells whether the record ends in the stretch.
         *
         * @return false if it goes on in the next segment
         */
        public boolean isComplete() {
            return fragment.length() == length;
        }

        /**
         * Whether this is the rest of a switch to the next segment. Such a record has no body; of its header, split between
         * two segments, at least the last 8 bytes are here.
         */
        boolean isEndOfSwitch() {
            byte[] rest = fragment.edge();
            int last = rest.length - (RecordHeader.BYTES - RecordHeader.INFO);
            return kind == Kind.CONTINUATION
                    && isComplete()
                    && (last == 0 || last == RecordHeader.BYTES - RecordHeader.INFO)
                    && rest[last + RecordHeader.RESOURCE_MANAGER - RecordHeader.INFO] == ResourceManagers.XLOG
                    && (rest[last] & 0xF0) == SWITCH;
        }

        Head endingAt(Lsn lsn) {
            return new Head(kind, page, length, fragment, lsn);
        }

        static Head joined(Head head) {
            return new Head(Kind.JOINED, head.page, 0, RecordFragment.EMPTY, head.end);
        }

        static Head overwritten(Head head) {
            return new Head(Kind.OVERWRITTEN, head.page, 0, RecordFragment.EMPTY, head.page);
        }

        Head followedBy(Head next) {
            return new Head(kind, page, length, fragment.followedBy(next.fragment), next.end);
        }
    }

    /**
     * The beginning of a record that goes on in the next segment.
     *
     * @param start the record's first byte
     * @param fragment the bytes that lie in the stretch
     */
    public record Tail(Lsn start, RecordFragment fragment) {
        /** Checks that the record's length is known: a page never ends before it. */
        public Tail {
            if (fragment.edge().length < RecordHeader.LENGTH + Integer.BYTES) {
                throw new IllegalArgumentException("A record can't begin with " + fragment.length() + " bytes");
            }
        }
    }

    /** Whether the stretch lies in the middle of one record that begins before it and ends after it. */
    boolean isInsideOneRecord() {
        return head.kind() == Head.Kind.CONTINUATION && !head.isComplete();
    }

    /**
     * Returns the version that wrote the records.
     *
     * @return by the magic of the pages
     */
    public PostgresVersion version() {
        return version;
    }

    /**
     * Returns how the first page begins.
     *
     * @return the rest of a record from before, or none
     */
    public Head head() {
        return head;
    }

    /**
     * Returns the first record that ends here.
     *
     * @return its start and its link to the record before; empty if no record ends here, as far as is known unjoined
     */
    public Optional<Link> first() {
        return Optional.ofNullable(first);
    }

    /**
     * Returns the last record that ends here.
     *
     * @return where it lies; empty if no record ends here, as far as is known unjoined
     */
    public Optional<Span> last() {
        return Optional.ofNullable(last);
    }

    /**
     * Returns the record that goes on in the next segment.
     *
     * @return its beginning; empty if the last record ends here
     */
    public Optional<Tail> tail() {
        return Optional.ofNullable(tail);
    }

    /**
     * Returns where the records stop following each other: a record is missing, damaged, or not the successor of the one
     * before. Replay can't pass this point.
     *
     * @return the first such position; empty if the chain holds from end to end
     */
    public Optional<Lsn> brokenAt() {
        return Optional.ofNullable(brokenAt);
    }

    /**
     * Returns why no further record follows in the last segment.
     *
     * @return where the records end, and why
     */
    public WalEnd end() {
        return end;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordChain that
                && that.version == version
                && that.head.equals(head)
                && Objects.equals(that.first, first)
                && Objects.equals(that.last, last)
                && Objects.equals(that.tail, tail)
                && Objects.equals(that.brokenAt, brokenAt)
                && that.end.equals(end);
    }

    @Override
    public int hashCode() {
        return Objects.hash(version, head, first, last);
    }

    @Override
    public String toString() {
        return "records from " + first + " to " + last + ", then " + end;
    }

    /** Collects a chain. Used by one thread. */
    public static final class Builder {
        private final PostgresVersion version;
        private final Head head;
        private final WalEnd end;
        private @Nullable Link first;
        private @Nullable Span last;
        private @Nullable Tail tail;
        private @Nullable Lsn brokenAt;

        private Builder(PostgresVersion version, Head head, WalEnd end) {
            this.version = version;
            this.head = head;
            this.end = end;
        }

        /**
         * Sets the first and the last record that end here.
         *
         * @param firstRecord the first
         * @param lastRecord the last, perhaps the same
         * @return this
         */
        public Builder records(Link firstRecord, Span lastRecord) {
            first = firstRecord;
            last = lastRecord;
            return this;
        }

        /**
         * Sets the record that goes on in the next segment.
         *
         * @param unfinished its beginning
         * @return this
         */
        public Builder tail(Tail unfinished) {
            tail = unfinished;
            return this;
        }

        /**
         * Sets where the chain is broken.
         *
         * @param position the first such position
         * @return this
         */
        public Builder brokenAt(Lsn position) {
            brokenAt = position;
            return this;
        }

        /**
         * Builds the chain.
         *
         * @return the chain
         */
        public RecordChain build() {
            return new RecordChain(this);
        }
    }
}
