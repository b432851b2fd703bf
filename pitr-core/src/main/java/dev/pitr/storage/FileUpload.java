package dev.pitr.storage;

import java.util.Objects;

/** An upload to a file. */
final class FileUpload extends ObjectUpload {
    private final FileSystemStorage storage;
    private final ObjectKey key;
    private final StagedFile staged;
    private boolean ended;

    FileUpload(FileSystemStorage storage, ObjectKey key, StagedFile staged) {
        this.storage = storage;
        this.key = key;
        this.staged = staged;
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
        storage.write(staged, key, bytes, offset, length);
        ended = false;
    }

    @Override
    public void commit() {
        requireLive();
        ended = true;
        try (staged) {
            storage.commit(staged, key);
        }
    }

    private void requireLive() {
        if (ended) {
            throw new IllegalStateException("The upload of " + key + " has ended: start another");
        }
    }

    @Override
    public void close() {
        ended = true;
        staged.close();
    }
}
