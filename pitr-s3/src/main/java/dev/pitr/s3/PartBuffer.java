package dev.pitr.s3;

import dev.pitr.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The bytes of one part while it is filled and sent. Filled by one thread, then read by another; grows by blocks, so that
 * a small object takes little and no huge array is ever asked for.
 */
final class PartBuffer implements Content {
    private static final int BLOCK_BYTES = 1 << 18;

    private final long capacity;
    private final List<byte[]> blocks = new ArrayList<>();
    private final BooleanSupplier isAbandoned;
    private long size;

    /** Whoever sends it gives up when it is abandoned. */
    PartBuffer(long capacity, BooleanSupplier isAbandoned) {
        this.capacity = capacity;
        this.isAbandoned = isAbandoned;
    }

    /** Takes what fits; returns how much that was. */
    int fill(byte[] bytes, int offset, int length) {
        int taken = 0;
        while (taken < length && size < capacity) {
            int at = (int) (size % BLOCK_BYTES);
            if (at == 0) {
                blocks.add(new byte[BLOCK_BYTES]);
            }
            int n = (int) Math.min(Math.min(length - taken, BLOCK_BYTES - at), capacity - size);
            System.arraycopy(bytes, offset + taken, blocks.get(blocks.size() - 1), at, n);
            size += n;
            taken += n;
        }
        return taken;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == capacity;
    }

    @Override
    public long sizeBytes() {
        return size;
    }

    @Override
    public InputStream open() {
        return new Blocks();
    }

    private final class Blocks extends InputStream {
        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (isAbandoned.getAsBoolean()) {
                throw new IOException("the upload was abandoned");
            }
            if (position == size) {
                return -1;
            }
            int at = (int) (position % BLOCK_BYTES);
            int n = (int) Math.min(Math.min(length, BLOCK_BYTES - at), size - position);
            System.arraycopy(blocks.get((int) (position / BLOCK_BYTES)), at, bytes, offset, n);
            position += n;
            return n;
        }
    }
}
