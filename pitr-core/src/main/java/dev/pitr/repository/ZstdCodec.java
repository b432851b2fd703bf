package dev.pitr.repository;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** zstd, with frames that carry their raw size and a checksum. */
final class ZstdCodec extends Codec {
    static final int DEFAULT_LEVEL = 3;
    private static final int MAX_LEVEL = 22;

    private final int level;

    ZstdCodec(int level) {
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("zstd level " + level + " is out of range: expected 1 to " + MAX_LEVEL);
        }
        this.level = level;
    }

    @Override
    public String partSuffix() {
        return ".tar.zst";
    }

    @Override
    public FrameCompressor frameCompressor() {
        ZstdCompressCtx context = new ZstdCompressCtx().setLevel(level).setChecksum(true);
        return new FrameCompressor() {
            @Override
            public int compress(byte[] raw, int offset, int length, byte[] target) {
                return context.compressByteArray(target, 0, target.length, raw, offset, length);
            }

            @Override
            public void close() {
                context.close();
            }
        };
    }

    @Override
    public int maxCompressedLength(int rawLength) {
        // The bound without the frame's checksum.
        return Math.toIntExact(Zstd.compressBound(rawLength) + Integer.BYTES);
    }

    @Override
    public InputStream decompress(InputStream stored) throws IOException {
        return new ZstdInputStreamNoFinalizer(stored);
    }

    @Override
    public OutputStream compress(OutputStream stored) throws IOException {
        return new ZstdOutputStreamNoFinalizer(stored, level).setChecksum(true);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZstdCodec codec && codec.level == level;
    }

    @Override
    public int hashCode() {
        return level;
    }

    @Override
    public String toString() {
        return "zstd:" + level;
    }
}
