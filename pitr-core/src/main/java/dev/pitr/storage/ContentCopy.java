package dev.pitr.storage;

import java.io.IOException;

/** Copies content to where it goes. */
final class ContentCopy {
    private static final int BUFFER_BYTES = 1 << 17;

    private ContentCopy() {}

    /** Where bytes go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    /** Copies exactly as many bytes as the content says it has. Only the sink's exceptions are {@link IOException}s. */
    static void copy(ObjectKey key, Content content, Sink sink) throws IOException {
        byte[] buffer = new byte[(int) Math.max(1, Math.min(content.sizeBytes(), BUFFER_BYTES))];
        try (ContentStream in = ContentStream.open(key, content)) {
            for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
                sink.write(buffer, 0, n);
            }
        }
    }
}
