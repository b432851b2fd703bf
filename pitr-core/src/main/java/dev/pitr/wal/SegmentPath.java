package dev.pitr.wal;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** The segments along a history, computed when asked: a path can have millions. */
final class SegmentPath extends AbstractList<WalSegment> implements RandomAccess {
    private final TimelineHistory history;
    private final long first;
    private final int count;
    private final WalSegmentSize size;

    SegmentPath(TimelineHistory history, long first, long last, WalSegmentSize size) {
        if (last - first >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "Cannot list " + (last - first + 1) + " segments at once: at most " + Integer.MAX_VALUE);
        }
        this.history = history;
        this.first = first;
        this.count = (int) (last - first) + 1;
        this.size = size;
    }

    @Override
    public WalSegment get(int index) {
        return history.segment(first + Objects.checkIndex(index, count), size);
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public int indexOf(@Nullable Object object) {
        if (object instanceof WalSegment segment && segment.number() >= first && segment.number() - first < count) {
            int index = (int) (segment.number() - first);
            return get(index).equals(segment) ? index : -1;
        }
        return -1;
    }

    @Override
    public boolean contains(@Nullable Object object) {
        return indexOf(object) >= 0;
    }
}
