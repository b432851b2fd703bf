package dev.pitr.s3;

import dev.pitr.error.CancelledException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ContentStream;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageFullException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Objects in a bucket of Amazon S3, or of a store that speaks its protocol.
 *
 * <p>Create-if-absent is one request with the store's own precondition, {@code If-None-Match: *};
 * {@link #enforcesCreateIfAbsent()} proves that the store keeps it. Whatever is stored is acknowledged only when its
 * checksum has been confirmed: by the CRC-32C that the store returns, or where it returns none, by a Content-MD5 that it
 * checks. Reads go on after a broken connection where they stopped, on the condition that the object is still the same.
 *
 * <p>An upload of unknown length sends its parts beside the thread that writes them, from threads of this instance: at
 * most as many as {@link S3StorageBuilder#uploadThreads}, daemons, ended when idle. An upload takes the memory of one
 * part, and each of these threads that of another.
 *
 * <p>Codes of errors beside those of {@link dev.pitr.storage.StorageException}: {@code storage.bucket-missing},
 * {@code storage.wrong-region}, {@code storage.archived} (in a class that must be restored before it can be read),
 * {@code storage.upload-removed} (by somebody's clean-up, while it ran), {@code storage.replaced} (while it was read),
 * {@code storage.unsupported} and
 * {@code storage.refused}.
 *
 * <p>Safe for use by many threads; any number of processes may use one bucket and prefix.
 */
public final class S3Storage implements ObjectStorage {
    private final S3Access access;
    private final S3Options options;
    private final boolean ownsClient;
    private final UploadProof proof;
    private final S3Puts puts;
    private final S3Reads reads;
    private final S3Deletion deletion;
    private final CreateIfAbsentProbe probe;
    private final UploadThreads threads;
    private volatile boolean closed;

    S3Storage(S3Client client, boolean ownsClient, S3Place place, S3Options options) {
        this.access = new S3Access(client, place, new S3Requests(place, options), new S3Errors(place));
        this.options = options;
        this.ownsClient = ownsClient;
        this.proof = new UploadProof(access, options.alwaysMd5());
        this.reads = new S3Reads(access);
        this.puts = new S3Puts(access, proof, new KeyConflicts(access, reads));
        this.deletion = new S3Deletion(access, options.batchDeletes());
        this.probe = new CreateIfAbsentProbe(access);
        this.threads = new UploadThreads(options.uploadThreads());
    }

    /**
     * Starts a store in a bucket that exists.
     *
     * @param bucket the bucket's name, or the ARN of an access point
     * @return a builder
     */
    public static S3StorageBuilder builder(String bucket) {
        return new S3StorageBuilder(bucket);
    }

    /** {@inheritDoc} At most 5 GiB, the limit of a single request. */
    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        begin("create", key);
        if (content.sizeBytes() > options.maxSingleBytes()) {
            throw new StorageFullException(
                    "Cannot create " + key + " in " + description() + ": it has " + content.sizeBytes()
                            + " bytes, and only " + options.maxSingleBytes()
                            + " can be stored on a condition. Store it in pieces.",
                    null);
        }
        if (options.conditionalWrites()) {
            puts.createIfAbsent(key, content);
        } else if (reads.stat(key).isPresent()) {
            throw access.errors().exists(key, null);
        } else {
            puts.put(key, content);
        }
    }

    @Override
    public void put(ObjectKey key, Content content) {
        begin("put", key);
        if (content.sizeBytes() <= options.maxSingleBytes()) {
            puts.put(key, content);
            return;
        }
        byte[] buffer = new byte[1 << 17];
        try (ContentStream in = ContentStream.open(key, content);
                S3Upload upload = new S3Upload(this, key, options.partBytes())) {
            for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
                upload.write(buffer, 0, n);
            }
            upload.commit();
        }
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        begin("upload", key);
        return new S3Upload(this, key, options.partBytes());
    }

    S3Parts startParts(ObjectKey key) {
        return S3Parts.start(access, proof, key);
    }

    UploadThreads threads() {
        return threads;
    }

    @Override
    public InputStream open(ObjectKey key) {
        begin("read", key);
        return reads.open(key);
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "Invalid range of " + key + ": offset " + offset + " and length " + length + " must be 0 or more");
        }
        begin("read", key);
        return reads.open(key, offset, length);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        begin("look up", key);
        return reads.stat(key);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        requireOpen();
        int characteristics = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        S3Listing listing = new S3Listing(access, prefix, from);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(listing, characteristics), false);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        requireOpen();
        deletion.delete(keys);
    }

    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        requireOpen();
        if (olderThan.isNegative() || olderThan.isZero()) {
            throw new IllegalArgumentException("Invalid age " + olderThan + ": expected more than zero");
        }
        return new AbandonedUploads(access).remove(olderThan);
    }

    @Override
    public boolean enforcesCreateIfAbsent() {
        requireOpen();
        return options.conditionalWrites() && probe.isEnforced();
    }

    /**
     * Sets a bucket's lifecycle rules for this store's prefix. Rules of ours are replaced, all others stay.
     *
     * @param lifecycle the rules
     * @throws dev.pitr.storage.StorageException with the code {@code storage.unsafe-lifecycle} if this store doesn't tag
     *     what it stores by kind, without which the rules meet nothing, or if another rule of the bucket would expire
     *     its objects; with other codes if the bucket can't be set up
     */
    public void applyLifecycle(S3Lifecycle lifecycle) {
        requireOpen();
        if (!options.kindTags()) {
            throw S3Lifecycle.unsafe(
                    "follow rules by kind",
                    description() + " is used without the option kindTags, so that objects don't tell their kind");
        }
        new BucketLifecycle(access, options.bucketOwner()).apply(lifecycle.rules());
    }

    @Override
    public String description() {
        return access.place().toString();
    }

    @Override
    public String toString() {
        return description();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            threads.close();
            if (ownsClient) {
                access.client().close();
            }
        }
    }

    void begin(String verb, ObjectKey key) {
        requireOpen();
        access.errors().requireNotInterrupted(verb, key.value());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The storage " + description() + " is closed");
        }
    }

    CancelledException cancelled(String verb, ObjectKey key) {
        return access.errors().cancelled(verb, key.value());
    }
}
