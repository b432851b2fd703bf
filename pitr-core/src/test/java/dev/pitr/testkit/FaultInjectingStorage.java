package dev.pitr.testkit;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A store that fails at one chosen call and is in order otherwise.
 *
 * <p>Calls are counted in the order in which they start, from 1, over all threads; see {@link StorageCall} for what
 * counts. The order is the same in each run as far as the job is single-threaded.
 *
 * <pre>{@code
 * FaultInjectingStorage broken = new FaultInjectingStorage(storage, FaultPlan.at(7, Fault.FAIL_AFTER));
 * }</pre>
 *
 * <p>With {@link FaultPlan#none()} it passes {@link ObjectStorageContract} and tells by {@link #callCount()} how many
 * positions there are. {@link FaultSweep} goes through all of them. The store that it wraps isn't closed by
 * {@link #close()}, but uploads that a dead process has left open are.
 */
public final class FaultInjectingStorage implements ObjectStorage {
    private final ObjectStorage delegate;
    private final FaultInjector injector;
    private final Queue<ObjectUpload> orphans = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * Wraps a store.
     *
     * @param delegate a store in good order
     * @param plan what happens when
     */
    public FaultInjectingStorage(ObjectStorage delegate, FaultPlan plan) {
        this.delegate = delegate;
        this.injector = new FaultInjector(plan);
    }

    /**
     * Returns how many calls there have been.
     *
     * @return 0 or more
     */
    public int callCount() {
        return injector.calls().size();
    }

    /**
     * Returns the kinds of all calls so far, in order.
     *
     * @return a copy
     */
    public List<StorageCall> calls() {
        return injector.calls();
    }

    /**
     * Tells which call the fault has struck, for messages.
     *
     * @return for example {@code "TEAR at call 7, PUT a/b"}; empty if it hasn't happened
     */
    public Optional<String> struck() {
        return Optional.ofNullable(injector.struck());
    }

    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        requireOpen();
        injector.call(
                StorageCall.CREATE,
                key.value(),
                () -> {
                    delegate.createIfAbsent(key, content);
                    return true;
                },
                () -> uploadHalf(key, content));
    }

    @Override
    public void put(ObjectKey key, Content content) {
        requireOpen();
        injector.call(
                StorageCall.PUT,
                key.value(),
                () -> {
                    delegate.put(key, content);
                    return true;
                },
                () -> uploadHalf(key, content));
    }

    private void uploadHalf(ObjectKey key, Content content) {
        try (ObjectUpload upload = delegate.upload(key);
                InputStream in = content.open()) {
            upload.write(in.readNBytes((int) Math.min(content.sizeBytes() / 2, 1 << 20)));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        requireOpen();
        return injector.call(StorageCall.UPLOAD, key.value(), () -> opened(key), () -> {});
    }

    private ObjectUpload opened(ObjectKey key) {
        ObjectUpload upload = delegate.upload(key);
        orphans.add(upload);
        return new FaultyUpload(injector, key.value(), upload, () -> orphans.remove(upload));
    }

    @Override
    public InputStream open(ObjectKey key) {
        requireOpen();
        return injector.call(
                StorageCall.OPEN,
                key.value(),
                () -> new FaultyStream(injector, key.value(), delegate.open(key)),
                () -> {});
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
        requireOpen();
        return injector.call(
                StorageCall.OPEN,
                key.value(),
                () -> new FaultyStream(injector, key.value(), delegate.open(key, offset, length)),
                () -> {});
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        requireOpen();
        return injector.call(StorageCall.STAT, key.value(), () -> delegate.stat(key), () -> {});
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        requireOpen();
        Stream<ObjectInfo> objects = delegate.list(prefix, from);
        Iterator<ObjectInfo> faulty = new FaultyListing(injector, prefix, objects.iterator());
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(faulty, Spliterator.ORDERED), false)
                .onClose(objects::close);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        requireOpen();
        injector.call(
                StorageCall.DELETE,
                keys.size() == 1 ? keys.iterator().next().value() : keys.size() + " objects",
                () -> {
                    delegate.delete(keys);
                    return true;
                },
                () -> delegate.delete(keys.stream().limit(keys.size() / 2).toList()));
    }

    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        requireOpen();
        return injector.call(
                StorageCall.MAINTAIN, "abandoned uploads", () -> delegate.removeAbandonedUploads(olderThan), () -> {});
    }

    @Override
    public boolean enforcesCreateIfAbsent() {
        requireOpen();
        return injector.call(StorageCall.MAINTAIN, "probe", delegate::enforcesCreateIfAbsent, () -> {});
    }

    @Override
    public String description() {
        return delegate.description();
    }

    @Override
    public void close() {
        closed = true;
        for (ObjectUpload orphan = orphans.poll(); orphan != null; orphan = orphans.poll()) {
            orphan.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The storage " + description() + " is closed");
        }
    }
}
