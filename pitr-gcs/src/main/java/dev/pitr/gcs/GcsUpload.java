package dev.pitr.gcs;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import java.util.Objects;

/** An upload of unknown length. */
final class GcsUpload extends ObjectUpload {
    private final GcsStorage storage;
    private final Task task;
    private final ObjectWriter writer;
    private boolean ended;

    GcsUpload(GcsStorage storage, ObjectKey key, ObjectWriter writer) {
        this.storage = storage;
        this.task = Task.of("upload", key);
        this.writer = writer;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireLive();
        ended = true;
        storage.begin(task);
        writer.write(bytes, offset, length);
        ended = false;
    }

    @Override
    public void commit() {
        requireLive();
        ended = true;
        try (writer) {
            storage.begin(task);
            writer.commit();
        }
    }

    private void requireLive() {
        if (ended) {
            throw new IllegalStateException("The upload of " + task.subject() + " has ended: start another");
        }
    }

    @Override
    public void close() {
        ended = true;
        writer.close();
    }
}
