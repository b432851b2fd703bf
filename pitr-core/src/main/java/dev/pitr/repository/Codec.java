package dev.pitr.repository;

import java.io.InputStream;
import java.io.OutputStream;

/** How a backup's parts are compressed: zstd with a level, gzip, or none. Frames are independent (concatenable). */
public final class Codec {
    private Codec() {}

    /** zstd at level 3. */
    public static Codec zstd() {
        throw new UnsupportedOperationException();
    }

    /** {@code zstd}, {@code zstd:3}, {@code gzip}, {@code gzip:6}, {@code none}. */
    public static Codec parse(String text) {
        throw new UnsupportedOperationException();
    }

    /** The codec of a stored part, by the end of its name. */
    public static Codec ofPart(String name) {
        throw new UnsupportedOperationException();
    }

    /** What part names end with: {@code .tar.zst}, {@code .tar.gz}, {@code .tar}. */
    public String partSuffix() {
        throw new UnsupportedOperationException();
    }

    /** Opens a compressor of frames, for one thread at a time: it keeps the codec's context and must be closed. */
    public FrameCompressor frameCompressor() {
        throw new UnsupportedOperationException();
    }

    /** The most bytes that a frame of so many raw bytes can take. */
    public int maxCompressedLength(int rawLength) {
        throw new UnsupportedOperationException();
    }

    /** Decompresses a stream of one or more frames. */
    public InputStream decompress(InputStream stored) {
        throw new UnsupportedOperationException();
    }

    /** Compresses a stream. */
    public OutputStream compress(OutputStream stored) {
        throw new UnsupportedOperationException();
    }
}
