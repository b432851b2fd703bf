package dev.pitr.repository;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** gzip: each frame is a member of its own (RFC 1952, 2.2). */
final class GzipCodec extends Codec {
    static final int DEFAULT_LEVEL = 6;
    private static final int MAX_LEVEL = 9;
    private static final int BUFFER_BYTES = 64 << 10;

    /** Header and trailer of a member. */
    private static final int MEMBER_BYTES = 18;

    private final int level;

    GzipCodec(int level) {
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("gzip level " + level + " is out of range: expected 1 to " + MAX_LEVEL);
        }
        this.level = level;
    }

    @Override
    public String partSuffix() {
        return ".tar.gz";
    }

    @Override
    public FrameCompressor frameCompressor() {
        return new FrameCompressor() {
            @Override
            public int compress(byte[] raw, int offset, int length, byte[] target) {
                FixedOutput out = new FixedOutput(target);
                try (OutputStream gzip = GzipCodec.this.compress(out)) {
                    gzip.write(raw, offset, length);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot compress in memory", e);
                }
                return out.size();
            }

            @Override
            public void close() {
                // The JDK frees the deflater with each member.
            }
        };
    }

    @Override
    public int maxCompressedLength(int rawLength) {
        // deflateBound of zlib for any window and memory level, plus the member's frame.
        return Math.toIntExact(rawLength + ((rawLength + 7L) >> 3) + ((rawLength + 63L) >> 6) + 5 + MEMBER_BYTES);
    }

    @Override
    public InputStream decompress(InputStream stored) throws IOException {
        // Not the JDK's stream: that one takes a pause of the source between two members for the end.
        return GzipCompressorInputStream.builder()
                .setInputStream(stored)
                .setBufferSize(BUFFER_BYTES)
                .setDecompressConcatenated(true)
                .get();
    }

    @Override
    public OutputStream compress(OutputStream stored) throws IOException {
        return new LevelledGzip(stored, level);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GzipCodec codec && codec.level == level;
    }

    @Override
    public int hashCode() {
        return level;
    }

    @Override
    public String toString() {
        return "gzip:" + level;
    }

    /** The JDK's stream has no constructor that takes a level. */
    private static final class LevelledGzip extends GZIPOutputStream {
        LevelledGzip(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }
    }

    /** Writes into an array that is large enough. */
    private static final class FixedOutput extends ByteArrayOutputStream {
        FixedOutput(byte[] target) {
            super(0);
            buf = target;
        }
    }
}
