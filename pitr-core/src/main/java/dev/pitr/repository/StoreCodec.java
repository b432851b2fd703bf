package dev.pitr.repository;

import java.io.InputStream;
import java.io.OutputStream;

/** No compression: frames are the bytes themselves. */
final class StoreCodec extends Codec {
    static final StoreCodec INSTANCE = new StoreCodec();

    private StoreCodec() {}

    @Override
    public String partSuffix() {
        return ".tar";
    }

    @Override
    public FrameCompressor frameCompressor() {
        return new FrameCompressor() {
            @Override
            public int compress(byte[] raw, int offset, int length, byte[] target) {
                System.arraycopy(raw, offset, target, 0, length);
                return length;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public int maxCompressedLength(int rawLength) {
        return rawLength;
    }

    @Override
    public InputStream decompress(InputStream stored) {
        return stored;
    }

    @Override
    public OutputStream compress(OutputStream stored) {
        return stored;
    }

    @Override
    public String toString() {
        return "none";
    }
}
