package dev.pitr.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** The bytes of a file, or a range of them. */
final class FileObjectStream extends InputStream {
    private final FileChannel channel;
    private final ObjectKey key;
    private final FileErrors errors;
    private long remaining;

    private FileObjectStream(FileChannel channel, ObjectKey key, FileErrors errors, long remaining) {
        this.channel = channel;
        this.key = key;
        this.errors = errors;
        this.remaining = remaining;
    }

    static InputStream open(Path file, ObjectKey key, FileErrors errors, long offset, long length) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            long size = channel.size();
            long start = Math.min(offset, size);
            channel.position(start);
            return new FileObjectStream(channel, key, errors, Math.min(length, size - start));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        try {
            int n = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, remaining)));
            if (n < 0) {
                throw shrunk();
            }
            remaining -= n;
            return n;
        } catch (IOException e) {
            throw errors.reading("read", key, e);
        }
    }

    @Override
    public long skip(long n) {
        long skipped = Math.max(0, Math.min(n, remaining));
        try {
            channel.position(channel.position() + skipped);
        } catch (IOException e) {
            throw errors.reading("read", key, e);
        }
        remaining -= skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, remaining);
    }

    private StorageException shrunk() {
        return new StorageCorruptException(
                "Cannot read " + key + " in " + errors.description() + ": the file ends " + remaining
                        + " bytes early. Something else has cut it: verify the repository.",
                null);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw errors.reading("close", key, e);
        }
    }
}
