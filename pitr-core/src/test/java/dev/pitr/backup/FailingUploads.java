package dev.pitr.backup;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Storage in which the n-th write to an upload below some folder fails. */
final class FailingUploads implements ObjectStorage {
    private final ObjectStorage storage;
    private final String folder;
    private final AtomicInteger writesLeft;

    FailingUploads(ObjectStorage storage, String folder, int failingWrite) {
        this.storage = storage;
        this.folder = folder;
        this.writesLeft = new AtomicInteger(failingWrite);
    }

    static final class Failure extends StorageException {
        private static final long serialVersionUID = 1L;

        Failure() {
            super("storage.test", "Cannot write: this is a test", null);
        }
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        ObjectUpload upload = storage.upload(key);
        if (!key.value().contains(folder)) {
            return upload;
        }
        return new ObjectUpload() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (writesLeft.decrementAndGet() == 0) {
                    throw new Failure();
                }
                upload.write(bytes, offset, length);
            }

            @Override
            public void commit() {
                upload.commit();
            }

            @Override
            public void close() {
                upload.close();
            }
        };
    }

    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        storage.createIfAbsent(key, content);
    }

    @Override
    public void put(ObjectKey key, Content content) {
        storage.put(key, content);
    }

    @Override
    public InputStream open(ObjectKey key) {
        return storage.open(key);
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
        return storage.open(key, offset, length);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        return storage.stat(key);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        return storage.list(prefix, from);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        storage.delete(keys);
    }

    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        return storage.removeAbandonedUploads(olderThan);
    }

    @Override
    public boolean enforcesCreateIfAbsent() {
        return storage.enforcesCreateIfAbsent();
    }

    @Override
    public String description() {
        return storage.description();
    }

    @Override
    public void close() {
        // The storage beneath belongs to the test.
    }
}
