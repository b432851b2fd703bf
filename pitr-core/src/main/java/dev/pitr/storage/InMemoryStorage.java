package dev.pitr.storage;

import dev.pitr.error.CancelledException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects in memory, for tests: it passes the same contract as the real stores, up to durability.
 *
 * <p>An object may have up to 2 GiB; all of them are held until the instance is let go. Safe for use by many threads.
 */
public final class InMemoryStorage implements ObjectStorage {
    private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Clock clock;
    private volatile boolean closed;

    /** Creates an empty store that goes by the system's clock. */
    public InMemoryStorage() {
        this(Clock.systemUTC());
    }

    /**
     * Creates an empty store.
     *
     * @param clock tells {@link ObjectInfo#modifiedAt()}
     */
    public InMemoryStorage(Clock clock) {
        this.clock = clock;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(byte[] bytes, Instant modifiedAt) {
        ObjectInfo info(ObjectKey key) {
            return new ObjectInfo(key, bytes.length, modifiedAt);
        }
    }

    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        begin("create", key);
        if (objects.containsKey(key.value())) {
            throw exists(key);
        }
        byte[] bytes = bytesOf(key, content);
        synchronized (objects) {
            requireNoConflict(key);
            if (objects.putIfAbsent(key.value(), new Stored(bytes, clock.instant())) != null) {
                throw exists(key);
            }
        }
    }

    @Override
    public void put(ObjectKey key, Content content) {
        begin("put", key);
        store(key, bytesOf(key, content));
    }

    private void store(ObjectKey key, byte[] bytes) {
        synchronized (objects) {
            requireNoConflict(key);
            objects.put(key.value(), new Stored(bytes, clock.instant()));
        }
    }

    private static byte[] bytesOf(ObjectKey key, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ContentCopy.copy(key, content, bytes::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void requireNoConflict(ObjectKey key) {
        String value = key.value();
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
            String folder = value.substring(0, slash);
            if (objects.containsKey(folder)) {
                throw conflict(key, folder + " is an object and can't be a folder too");
            }
        }
        String below = objects.higherKey(value + '/');
        if (below != null && below.startsWith(value + '/')) {
            throw conflict(key, value + " is the folder of other objects");
        }
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        begin("upload", key);
        return new Upload(key);
    }

    private final class Upload extends ObjectUpload {
        private final ObjectKey key;
        private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Upload(ObjectKey key) {
            this.key = key;
        }

        @Override
        public void write(int b) {
            begin("upload", key);
            live().write(b);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            begin("upload", key);
            live().write(source, offset, length);
        }

        @Override
        public void commit() {
            ByteArrayOutputStream whole = live();
            bytes = null;
            begin("upload", key);
            store(key, whole.toByteArray());
        }

        private ByteArrayOutputStream live() {
            if (bytes == null) {
                throw new IllegalStateException("The upload of " + key + " has ended: start another");
            }
            return bytes;
        }

        @Override
        public void close() {
            bytes = null;
        }
    }

    @Override
    public InputStream open(ObjectKey key) {
        return open(key, 0, Long.MAX_VALUE);
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "Invalid range of " + key + ": offset " + offset + " and length " + length + " must be 0 or more");
        }
        begin("read", key);
        Stored stored = objects.get(key.value());
        if (stored == null) {
            throw new ObjectNotFoundException(
                    "Cannot read " + key + " in " + description() + ": there is no such object. Check the key.", null);
        }
        int start = (int) Math.min(offset, stored.bytes.length);
        return new ByteArrayInputStream(stored.bytes, start, (int) Math.min(length, stored.bytes.length - start));
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        begin("look up", key);
        return Optional.ofNullable(objects.get(key.value())).map(stored -> stored.info(key));
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        requireOpen();
        String start = from.compareTo(prefix) > 0 ? from : prefix;
        return objects.tailMap(start, true).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> infoOf(new ObjectKey(entry.getKey()), entry.getValue()));
    }

    private ObjectInfo infoOf(ObjectKey key, Stored stored) {
        requireNotInterrupted("list", key);
        return stored.info(key);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        requireOpen();
        for (ObjectKey key : keys) {
            requireNotInterrupted("delete", key);
            objects.remove(key.value());
        }
    }

    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        requireOpen();
        if (olderThan.isNegative() || olderThan.isZero()) {
            throw new IllegalArgumentException("Invalid age " + olderThan + ": expected more than zero");
        }
        return 0;
    }

    @Override
    public boolean enforcesCreateIfAbsent() {
        requireOpen();
        return true;
    }

    @Override
    public String description() {
        return "memory";
    }

    @Override
    public void close() {
        closed = true;
    }

    private StorageException exists(ObjectKey key) {
        return new ObjectExistsException(
                "Cannot create " + key + " in " + description() + ": it exists. Compare, or choose another key.", null);
    }

    private StorageException conflict(ObjectKey key, String reason) {
        return new StorageException(
                "storage.key-conflict",
                "Cannot write " + key + " in " + description() + ": " + reason + ". Choose another key.",
                null);
    }

    private void begin(String verb, ObjectKey key) {
        requireOpen();
        requireNotInterrupted(verb, key);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The storage " + description() + " is closed");
        }
    }

    private void requireNotInterrupted(String verb, ObjectKey key) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("The attempt to " + verb + " " + key + " in " + description());
        }
    }
}
