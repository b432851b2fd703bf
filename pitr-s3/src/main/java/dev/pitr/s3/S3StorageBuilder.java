package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.StorageException;
import java.net.URI;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Sets up an {@link S3Storage}. An option that is set twice fails. Used by one thread.
 *
 * <p>Credentials, proxies and certificates are the SDK's business: its default chains, or a client of your own.
 */
public final class S3StorageBuilder {
    private static final long DEFAULT_PART_BYTES = 8L << 20;
    private static final long MAX_SINGLE_BYTES = 5L << 30;
    private static final int DEFAULT_UPLOAD_THREADS = 4;
    private static final int DEFAULT_MAX_CONNECTIONS = 64;
    private static final int DEFAULT_MAX_ATTEMPTS = 5;
    private static final int MAX_METADATA_LENGTH = 2048;
    private static final int MAX_TAGS = 9;

    /** What must be restored before it can be read. */
    private static final Set<String> ARCHIVE_CLASSES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final String bucket;
    private final Map<ObjectKind, String> storageClasses = new EnumMap<>(ObjectKind.class);
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable S3Client client;
    private @Nullable String prefix;
    private @Nullable String region;
    private @Nullable URI endpoint;
    private @Nullable Boolean pathStyle;
    private @Nullable Integer maxConnections;
    private @Nullable Integer maxAttempts;
    private @Nullable S3Encryption encryption;
    private @Nullable Boolean kindTags;
    private @Nullable Boolean requesterPays;
    private @Nullable String bucketOwner;
    private @Nullable Long partBytes;
    private @Nullable Long maxSingleBytes;
    private @Nullable Integer uploadThreads;
    private @Nullable Boolean plainUploads;
    private @Nullable Boolean singleDeletes;
    private @Nullable Boolean assumeSingleWriter;

    S3StorageBuilder(String bucket) {
        this.bucket = bucket;
    }

    /**
     * Uses a client of yours, which stays open. It brings its own region, endpoint, credentials, retries and timeouts.
     * Retries of at least 3 attempts and as many connections as threads are advisable. Default: a client by the SDK's
     * defaults, closed with the store.
     *
     * @param value a synchronous client
     * @return this
     */
    public S3StorageBuilder client(S3Client value) {
        client = once(client, value, "client");
        return this;
    }

    /**
     * Sets what the keys of all objects are put behind. Default: nothing, the whole bucket.
     *
     * @param value one or more components as of an {@link dev.pitr.storage.ObjectKey}, without slashes around them; at
     *     most 120 characters
     * @return this
     */
    public S3StorageBuilder prefix(String value) {
        prefix = once(prefix, value, "prefix");
        return this;
    }

    /**
     * Sets the region. Default: as the SDK finds it.
     *
     * @param value for example {@code eu-central-1}
     * @return this
     */
    public S3StorageBuilder region(String value) {
        region = once(region, value, "region");
        return this;
    }

    /**
     * Sets the address of a store other than Amazon's.
     *
     * @param value an http or https URL without a path, user or query
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public S3StorageBuilder endpoint(URI value) {
        String scheme = value.getScheme() == null ? "" : value.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || value.getHost() == null) {
            throw new IllegalArgumentException("Invalid endpoint: expected http://HOST:PORT or https://HOST:PORT");
        }
        if (value.getRawUserInfo() != null || value.getRawQuery() != null) {
            throw new IllegalArgumentException("Invalid endpoint of host " + value.getHost()
                    + ": it has a user or a query. Give credentials as the AWS SDK takes them.");
        }
        endpoint = once(endpoint, value, "endpoint");
        return this;
    }

    /**
     * Names the bucket in the path of requests instead of the host, as most stores other than Amazon's want it.
     *
     * @return this
     */
    public S3StorageBuilder pathStyle() {
        pathStyle = once(pathStyle, true, "pathStyle");
        return this;
    }

    /**
     * Sets how many connections are open at most. Default: 64.
     *
     * @param value 1 or more
     * @return this
     */
    public S3StorageBuilder maxConnections(int value) {
        maxConnections = once(maxConnections, atLeast(1, value, "maxConnections"), "maxConnections");
        return this;
    }

    /**
     * Sets how often a request is tried before it fails, the first attempt included. Default: 5.
     *
     * @param value 1 or more
     * @return this
     */
    public S3StorageBuilder maxAttempts(int value) {
        maxAttempts = once(maxAttempts, atLeast(1, value, "maxAttempts"), "maxAttempts");
        return this;
    }

    /**
     * Sets the storage class of new objects of one kind. Default: the bucket's.
     *
     * @param kind what the objects are
     * @param storageClass the class as the store names it, such as {@code STANDARD_IA} or {@code GLACIER_IR}
     * @return this
     * @throws IllegalArgumentException for a class that must be restored before it can be read: those come later, by a
     *     lifecycle rule
     */
    public S3StorageBuilder storageClass(ObjectKind kind, String storageClass) {
        if (ARCHIVE_CLASSES.contains(storageClass)) {
            throw new IllegalArgumentException("Cannot store " + kind.label() + " as " + storageClass
                    + ": it couldn't be read without a restore there. Let a lifecycle rule move it, later.");
        }
        if (!storageClass.matches("[A-Z0-9_-]+")) {
            throw new IllegalArgumentException("Invalid storage class \"" + storageClass + "\"");
        }
        once(storageClasses.put(kind, storageClass), storageClass, "storageClass of " + kind.label());
        return this;
    }

    /**
     * Sets how the store encrypts new objects. Default: as the bucket says.
     *
     * @param value the keys
     * @return this
     */
    public S3StorageBuilder encryption(S3Encryption value) {
        encryption = once(encryption, value, "encryption");
        return this;
    }

    /**
     * Puts the tag {@code pitr-kind} on new objects, so that lifecycle rules can tell them apart; see
     * {@link S3Lifecycle}. Its values are the labels of {@link ObjectKind}.
     *
     * @return this
     */
    public S3StorageBuilder kindTags() {
        kindTags = once(kindTags, true, "kindTags");
        return this;
    }

    /**
     * Puts a tag on new objects.
     *
     * @param name 1 to 128 characters, not {@code pitr-kind}
     * @param value up to 256 characters
     * @return this
     * @throws IllegalArgumentException if it is too long, or one too many: there can be 9
     */
    public S3StorageBuilder tag(String name, String value) {
        if (name.isBlank() || name.length() > 128 || value.length() > 256 || name.equals(S3Requests.KIND_TAG)) {
            throw new IllegalArgumentException(
                    "Invalid tag \"" + name + "\": expected a name of 1 to 128 characters, not " + S3Requests.KIND_TAG
                            + ", and a value of at most 256");
        }
        once(tags.put(name, value), value, "tag " + name);
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException("Too many tags: expected at most " + MAX_TAGS);
        }
        return this;
    }

    /**
     * Puts metadata on new objects.
     *
     * @param name lower-case letters, digits and dashes
     * @param value visible ASCII characters and spaces; at most 2,048 in all names and values
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public S3StorageBuilder metadata(String name, String value) {
        if (!name.matches("[a-z0-9-]+") || !value.matches("[ -~]*")) {
            throw new IllegalArgumentException("Invalid metadata \"" + name
                    + "\": expected a name of lower-case letters, digits and dashes, and a value in ASCII");
        }
        once(metadata.put(name, value), value, "metadata " + name);
        int length = metadata.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (length > MAX_METADATA_LENGTH) {
            throw new IllegalArgumentException("Too much metadata: " + length + " characters, expected at most "
                    + MAX_METADATA_LENGTH + " in all names and values");
        }
        return this;
    }

    /**
     * Agrees to pay for requests to a bucket whose owner doesn't.
     *
     * @return this
     */
    public S3StorageBuilder requesterPays() {
        requesterPays = once(requesterPays, true, "requesterPays");
        return this;
    }

    /**
     * Makes every request fail if the bucket is somebody else's.
     *
     * @param accountId the account that must own it, 12 digits on Amazon
     * @return this
     */
    public S3StorageBuilder bucketOwner(String accountId) {
        bucketOwner = once(bucketOwner, accountId, "bucketOwner");
        return this;
    }

    /**
     * Sets the size of an upload's parts. An upload holds one part in memory and each upload thread another; after the
     * thousandth, parts grow with the upload. Default: 8 MiB.
     *
     * @param value 5 MiB to 1 GiB, in bytes
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public S3StorageBuilder partBytes(long value) {
        if (value < PartSizes.SMALLEST || value > PartSizes.LARGEST) {
            throw new IllegalArgumentException("Part size of " + value + " bytes is out of range: expected "
                    + PartSizes.SMALLEST + " to " + PartSizes.LARGEST);
        }
        partBytes = once(partBytes, value, "partBytes");
        return this;
    }

    /** For tests of what happens above the limit. */
    S3StorageBuilder maxSingleBytes(long value) {
        maxSingleBytes = once(maxSingleBytes, value, "maxSingleBytes");
        return this;
    }

    /**
     * Sets how many threads send parts, for all uploads of this store together. Default: 4.
     *
     * @param value 0 or more; with 0 the thread that writes sends too
     * @return this
     */
    public S3StorageBuilder uploadThreads(int value) {
        uploadThreads = once(uploadThreads, atLeast(0, value, "uploadThreads"), "uploadThreads");
        return this;
    }

    /**
     * Sends uploads as stores understood them before 2022: with a Content-MD5 ahead, no other checksum, and in one piece
     * instead of signed chunks. For stores that answer {@code XAmzContentSHA256Mismatch}, {@code NotImplemented} or
     * {@code MissingContentLength}. Over plain HTTP each object is then read three times. A client of your own needs
     * {@code requestChecksumCalculation(WHEN_REQUIRED)} and {@code chunkedEncodingEnabled(false)} too.
     *
     * @return this
     */
    public S3StorageBuilder plainUploads() {
        plainUploads = once(plainUploads, true, "plainUploads");
        return this;
    }

    /**
     * Deletes objects one by one. Stores that take no batches are found out without this too, at the cost of a failed
     * request.
     *
     * @return this
     */
    public S3StorageBuilder singleDeletes() {
        singleDeletes = once(singleDeletes, true, "singleDeletes");
        return this;
    }

    /**
     * Makes create-if-absent look before it writes, for stores without conditional writes. Two writers can then replace
     * each other's objects: {@link S3Storage#enforcesCreateIfAbsent()} is false, and a repository has to be told to allow
     * that.
     *
     * @return this
     */
    public S3StorageBuilder assumeSingleWriter() {
        assumeSingleWriter = once(assumeSingleWriter, true, "assumeSingleWriter");
        return this;
    }

    /**
     * Opens the store. No request is made yet.
     *
     * @return a store, to be closed by the caller
     * @throws IllegalArgumentException if the bucket or the prefix isn't one
     * @throws IllegalStateException if a client of your own comes with options that belong to it
     * @throws StorageException with the code {@code storage.no-region} if no region is set and the SDK finds none
     */
    public S3Storage build() {
        S3Place place = S3Place.of(bucket, prefix);
        S3Client given = client;
        if (given != null) {
            requireNoClientOptions();
        }
        S3Client used = given == null ? S3Clients.build(clientSettings()) : given;
        return new S3Storage(used, given == null, place, options(given == null));
    }

    private void requireNoClientOptions() {
        if (region != null || endpoint != null || pathStyle != null || maxConnections != null || maxAttempts != null) {
            throw new IllegalStateException("region, endpoint, pathStyle, maxConnections and maxAttempts belong to the"
                    + " client: set them where it is built");
        }
    }

    private S3Clients.Settings clientSettings() {
        return new S3Clients.Settings(
                region,
                endpoint,
                pathStyle != null,
                plainUploads != null,
                maxConnections == null ? DEFAULT_MAX_CONNECTIONS : maxConnections,
                maxAttempts == null ? DEFAULT_MAX_ATTEMPTS : maxAttempts);
    }

    private S3Options options(boolean ownClient) {
        return new S3Options(
                storageClasses,
                encryption,
                kindTags != null,
                tags,
                metadata,
                requesterPays != null,
                bucketOwner,
                partBytes == null ? DEFAULT_PART_BYTES : partBytes,
                maxSingleBytes == null ? MAX_SINGLE_BYTES : maxSingleBytes,
                uploadThreads == null ? DEFAULT_UPLOAD_THREADS : uploadThreads,
                assumeSingleWriter == null,
                singleDeletes == null,
                plainUploads != null,
                ownClient);
    }

    private static int atLeast(int least, int value, String option) {
        if (value < least) {
            throw new IllegalArgumentException(option + " is " + value + ": expected " + least + " or more");
        }
        return value;
    }

    private static <T> T once(@Nullable T present, T value, String option) {
        if (present != null) {
            throw new IllegalStateException(option + " is set twice");
        }
        return value;
    }
}
