package dev.pitr.gcs;

import com.google.api.client.util.DateTime;
import com.google.api.services.storage.model.StorageObject;
import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.Content;
import dev.pitr.storage.ContentStream;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects in a bucket of Google Cloud Storage, over its JSON API.
 *
 * <pre>{@code
 * ObjectStorage storage = GcsStorage.builder("my-bucket").prefix("backups").build();
 * }</pre>
 *
 * <p><b>Writing.</b> Content up to a little more than the {@linkplain GcsStorageBuilder#bufferBytes buffer} goes in one
 * request, held in memory; more of it goes in chunks of a resumable upload. Either way the store is told the CRC-32C of
 * all bytes and shows the object only if it fits; what the store then says it keeps is compared again. Create-if-absent
 * is the store's own precondition. One buffer is held for each write under way.
 *
 * <p><b>Reading.</b> One request for each stream. Where the connection breaks, it reads on from there, in the same
 * version of the object; as long as bytes keep coming there is no limit to that, and as soon as none do, that of the
 * client's retry settings. An object read from its first byte to its last is compared with the store's CRC-32C.
 *
 * <p><b>Retries, timeouts, proxies.</b> They are those of the client. A request that fails is repeated as often and as
 * slowly as the client's retry settings say, also where the client itself would not: every call here may be repeated.
 *
 * <p><b>Interruption.</b> It is seen between requests and between the bytes of a body; an answer that is being waited for
 * is waited for, up to the client's read timeout.
 *
 * <p>No threads are started. Keys become names behind the prefix; other names, and names with a component that starts
 * with a dot, are neither listed nor touched.
 */
public final class GcsStorage implements ObjectStorage {
    private static final Logger LOG = LoggerFactory.getLogger(GcsStorage.class);

    /** So that a WAL segment that didn't get any smaller still goes in one request, with what is put before it. */
    private static final int MORE_THAN_A_BUFFER_BYTES = 1 << 20;

    private static final String PROBE = ".pitr-create-probe";

    private final GcsOptions options;
    private final GcsClient client;
    private final GcsErrors errors;
    private final ObjectNames names;
    private volatile boolean closed;
    private volatile boolean enforcesCreateIfAbsent;
    private volatile boolean understandsBatches = true;

    GcsStorage(GcsOptions options) {
        this.options = options;
        this.errors = new GcsErrors(options.bucket(), options.prefix());
        this.client = new GcsClient(options.client(), options.bucket(), options.userProject(), errors);
        this.names = new ObjectNames(options.prefix());
    }

    /**
     * Starts describing a store.
     *
     * @param bucket a bucket that exists
     * @return a builder
     */
    public static GcsStorageBuilder builder(String bucket) {
        return new GcsStorageBuilder(bucket);
    }

    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        store(Task.of("create", key), key, content, NewObject.Replacing.FORBIDDEN);
    }

    @Override
    public void put(ObjectKey key, Content content) {
        store(Task.of("put", key), key, content, NewObject.Replacing.ALLOWED);
    }

    private void store(Task task, ObjectKey key, Content content, NewObject.Replacing replacing) {
        begin(task);
        long size = content.sizeBytes();
        int limit = size <= options.bufferBytes() + MORE_THAN_A_BUFFER_BYTES ? (int) size : options.bufferBytes();
        try (ObjectWriter writer = new ObjectWriter(client, task, newObject(key, replacing), limit)) {
            copy(key, content, writer);
            writer.commit();
        }
    }

    private static void copy(ObjectKey key, Content content, ObjectWriter writer) {
        byte[] piece = new byte[(int) Math.max(1, Math.min(content.sizeBytes(), 1 << 16))];
        try (ContentStream in = ContentStream.open(key, content)) {
            for (int n = in.read(piece, 0, piece.length); n >= 0; n = in.read(piece, 0, piece.length)) {
                writer.write(piece, 0, n);
            }
        }
    }

    private NewObject newObject(ObjectKey key, NewObject.Replacing replacing) {
        ObjectKind kind = ObjectKind.of(key);
        boolean expendable = kind == ObjectKind.WAL || kind == ObjectKind.BACKUP_DATA;
        return new NewObject(
                names.of(key),
                options.storageClasses().get(kind),
                options.metadata(),
                // What lifecycle rules go by: see GcsLifecycle.
                expendable ? new DateTime(System.currentTimeMillis()) : null,
                options.kmsKey(),
                replacing);
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        Task task = Task.of("upload", key);
        begin(task);
        NewObject object = newObject(key, NewObject.Replacing.ALLOWED);
        return new GcsUpload(this, key, new ObjectWriter(client, task, object, options.bufferBytes()));
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
        begin(Task.of("read", key));
        if (length == 0) {
            return stat(key).map(info -> InputStream.nullInputStream()).orElseThrow(() -> errors.notFound(key));
        }
        return GcsObjectStream.open(client, key, names.of(key), offset, length).orElseThrow(() -> errors.notFound(key));
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        Task task = Task.of("look up", key);
        begin(task);
        GcsRequest request = client.onObject(task, "GET", names.of(key))
                .query("fields", "name,size,timeCreated")
                .answeredBy(404);
        return client.send(request, response -> {
            if (response.getStatusCode() == 404) {
                new MissingObject(client).requireBucket(task, Failure.of(response));
                return Optional.empty();
            }
            StorageObject object = GcsClient.json(StorageObject.class).read(response);
            ObjectNames.requireComplete(object);
            return Optional.of(names.info(key, object));
        });
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        requireOpen();
        return StreamSupport.stream(new GcsListing(client, names, prefix, from), false);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        begin(new Task("delete", keys.size() + " objects"));
        understandsBatches = new Deletion(client, names, Deletion.distinct(keys)).run(understandsBatches);
    }

    /**
     * Checks its argument and removes nothing: the JSON API has no list of unfinished uploads, and forgets them by itself
     * after a week. They can't be seen, and aren't billed.
     */
    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        requireOpen();
        if (olderThan.isNegative() || olderThan.isZero()) {
            throw new IllegalArgumentException("Invalid age " + olderThan + ": expected more than zero");
        }
        return 0;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The probe is an object of one byte with a hidden name. Where retention keeps it from being removed it stays, and
     * answers for the next probe.
     */
    @Override
    public boolean enforcesCreateIfAbsent() {
        Task task = new Task("probe", PROBE);
        begin(task);
        if (!enforcesCreateIfAbsent) {
            enforcesCreateIfAbsent = !creates(task) || probeAgain(task);
        }
        return enforcesCreateIfAbsent;
    }

    /** Only whoever created the probe removes it: so of racing probes none finds it gone between its two attempts. */
    private boolean probeAgain(Task task) {
        try {
            return !creates(task);
        } finally {
            removeProbe(task);
        }
    }

    private boolean creates(Task task) {
        NewObject probe = new NewObject(
                names.of(PROBE), null, options.metadata(), null, options.kmsKey(), NewObject.Replacing.FORBIDDEN);
        try (ObjectWriter writer = new ObjectWriter(client, task, probe, 1)) {
            writer.write(new byte[1], 0, 1);
            writer.commit();
            return true;
        } catch (ObjectExistsException e) {
            return false;
        }
    }

    private void removeProbe(Task task) {
        try {
            client.attempt(client.onObject(task, "DELETE", names.of(PROBE)), response -> {
                response.ignore();
                return true;
            });
        } catch (Failure e) {
            LOG.info("Left the probe {} in {}, for the next one to find: {}", PROBE, description(), e.inWords());
        }
    }

    /**
     * Starts describing what the bucket is to do by itself about a repository's objects as they age.
     *
     * @param repository the repository's name
     * @return a builder
     */
    public GcsLifecycleBuilder lifecycle(String repository) {
        return new GcsLifecycleBuilder(names.of(new ObjectKey(repository)) + "/");
    }

    /**
     * Puts lifecycle rules in force, in place of those that were applied for the same repository before. The bucket's other
     * rules stay. Needs the permissions {@code storage.buckets.get} and {@code storage.buckets.update}, which nothing else
     * here needs.
     *
     * @param lifecycle rules for a repository in this bucket
     * @throws dev.pitr.storage.StorageException with the code {@code storage.lifecycle-conflict} if another rule of the
     *     bucket would delete objects of the repository; nothing is changed then
     */
    public void apply(GcsLifecycle lifecycle) {
        begin(new Task("change", "lifecycle rules"));
        new BucketLifecycle(client).apply(lifecycle);
    }

    @Override
    public String description() {
        return errors.description();
    }

    @Override
    public String toString() {
        return description();
    }

    @Override
    public void close() {
        // Connections belong to the client's transport, which others may use; those of the JDK end by themselves.
        closed = true;
    }

    /** Checks what every call checks first. */
    void begin(Task task) {
        requireOpen();
        client.requireNotInterrupted(task);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The storage " + description() + " is closed");
        }
    }
}
