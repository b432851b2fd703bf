package dev.pitr.repository;

/** Compresses frames, each on its own, reusing the codec's context. For one thread at a time. */
public abstract class FrameCompressor implements AutoCloseable {
    FrameCompressor() {}

    /**
     * Compresses one frame.
     *
     * @param raw where the raw bytes are
     * @param offset the first of them
     * @param length how many
     * @param target takes the compressed bytes from its start; has {@link Codec#maxCompressedLength} bytes at least
     * @return how many bytes were written
     */
    public abstract int compress(byte[] raw, int offset, int length, byte[] target);

    /** Frees the context. */
    @Override
    public abstract void close();
}
