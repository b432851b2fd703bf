package dev.pitr.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.ObjectKey;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link GcsStorage}. Only the bucket is needed: without more, credentials are found as Google's own tools
 * find them (application default credentials). An option given twice is refused. Used by one thread.
 */
public final class GcsStorageBuilder {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    private static final Pattern KMS_KEY =
            Pattern.compile("projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");
    private static final int DEFAULT_BUFFER_BYTES = 16 << 20;
    private static final int MAX_BUFFER_BYTES = 1 << 30;

    private final String bucket;
    private final Map<ObjectKind, GcsStorageClass> storageClasses = new EnumMap<>(ObjectKind.class);
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable String prefix;
    private @Nullable Storage client;
    private @Nullable URI endpoint;
    private @Nullable String userProject;
    private @Nullable String kmsKey;
    private int bufferBytes;
    private boolean anonymous;

    GcsStorageBuilder(String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("Invalid bucket \"" + bucket
                    + "\": expected 3 to 222 lower-case letters, digits, dots, dashes and underscores");
        }
        this.bucket = bucket;
    }

    /**
     * Puts all objects behind a prefix. Without it they start at the bucket's root.
     *
     * @param prefix a key, such as {@code backups/production}; a slash follows it
     * @return this
     */
    public GcsStorageBuilder prefix(String prefix) {
        requireUnset("prefix", this.prefix);
        this.prefix = new ObjectKey(prefix).value();
        return this;
    }

    /**
     * Uses the credentials, transport, headers, endpoint and retry settings of a client; they stay the caller's, and the
     * client is never closed.
     *
     * @param client one that speaks HTTP, which {@link StorageOptions#newBuilder()} and {@link StorageOptions#http()} make
     * @return this
     */
    public GcsStorageBuilder client(Storage client) {
        requireUnset("client", this.client);
        if (!(client.getOptions().getTransportOptions() instanceof HttpTransportOptions)) {
            throw new IllegalArgumentException(
                    "Invalid client: expected one that speaks HTTP, as StorageOptions.http() makes it, not gRPC");
        }
        this.client = client;
        return this;
    }

    /**
     * Talks to another server than Google's, such as an emulator or a private endpoint.
     *
     * @param endpoint an http or https address without path and query
     * @return this
     */
    public GcsStorageBuilder endpoint(URI endpoint) {
        requireUnset("endpoint", this.endpoint);
        boolean isWeb = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        boolean isBare = endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && (endpoint.getRawPath() == null || endpoint.getRawPath().matches("/?"));
        if (!isWeb || endpoint.getHost() == null || !isBare) {
            throw new IllegalArgumentException(
                    "Invalid endpoint: expected http://HOST:PORT or https://HOST:PORT, and no more");
        }
        this.endpoint = endpoint;
        return this;
    }

    /**
     * Sends no credentials, for emulators and public buckets.
     *
     * @return this
     */
    public GcsStorageBuilder anonymous() {
        requireUnset("anonymous", anonymous ? this : null);
        this.anonymous = true;
        return this;
    }

    /**
     * Names the project that pays for requests to a bucket whose owner doesn't ("requester pays").
     *
     * @param project a project's id
     * @return this
     */
    public GcsStorageBuilder userProject(String project) {
        requireUnset("userProject", this.userProject);
        this.userProject = printable("userProject", project);
        return this;
    }

    /**
     * Stores one kind of objects in a class of its own. Others get the bucket's default class.
     *
     * @param kind what the objects are
     * @param storageClass where they go; anything but {@link GcsStorageClass#STANDARD} is billed for some time after it
     *     was deleted or replaced, which index pages often are
     * @return this
     */
    public GcsStorageBuilder storageClass(ObjectKind kind, GcsStorageClass storageClass) {
        requireUnset("storageClass of " + kind, storageClasses.put(kind, storageClass));
        return this;
    }

    /**
     * Encrypts with a key of Cloud KMS. Without it, the bucket's default key or Google's own is used.
     *
     * @param name {@code projects/P/locations/L/keyRings/R/cryptoKeys/K}; the store's service agent must be allowed to use
     *     it
     * @return this
     */
    public GcsStorageBuilder kmsKey(String name) {
        requireUnset("kmsKey", this.kmsKey);
        if (!KMS_KEY.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Invalid KMS key \"" + name + "\": expected projects/P/locations/L/keyRings/R/cryptoKeys/K");
        }
        this.kmsKey = name;
        return this;
    }

    /**
     * Adds an entry to every object's custom metadata.
     *
     * @param name printable ASCII, each name once
     * @param value printable ASCII
     * @return this
     */
    public GcsStorageBuilder metadata(String name, String value) {
        requireUnset("metadata " + name, metadata.put(printable("metadata name", name), printable("metadata", value)));
        return this;
    }

    /**
     * Sets how much is buffered for each write under way. Content of up to 1 MiB more goes in one request; what is longer,
     * and what has no known length, in chunks of this size. By default 16 MiB.
     *
     * @param bytes a multiple of 256 KiB, up to 1 GiB
     * @return this
     */
    public GcsStorageBuilder bufferBytes(int bytes) {
        requireUnset("bufferBytes", bufferBytes == 0 ? null : this);
        if (bytes <= 0 || bytes % ObjectWriter.CHUNK_UNIT_BYTES != 0 || bytes > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException(
                    "Invalid bufferBytes " + bytes + ": expected a multiple of 262144, up to 1 GiB");
        }
        this.bufferBytes = bytes;
        return this;
    }

    /**
     * Opens the store. Nothing is sent yet.
     *
     * @return a store, to be closed by the caller
     * @throws IllegalArgumentException if a client is given together with what it has itself
     */
    public GcsStorage build() {
        if (client != null && (endpoint != null || anonymous)) {
            throw new IllegalArgumentException(
                    "Invalid options: endpoint and anonymous are those of the client, and can't be given beside one");
        }
        return new GcsStorage(new GcsOptions(
                bucket,
                prefix == null ? "" : prefix,
                client == null ? ownClient() : client.getOptions(),
                Map.copyOf(storageClasses),
                kmsKey,
                Map.copyOf(metadata),
                userProject,
                bufferBytes == 0 ? DEFAULT_BUFFER_BYTES : bufferBytes));
    }

    private StorageOptions ownClient() {
        StorageOptions.Builder options = StorageOptions.http()
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setConnectTimeout(10_000)
                        .setReadTimeout(60_000)
                        .build())
                .setRetrySettings(RetrySettings.newBuilder()
                        .setMaxAttempts(6)
                        .setInitialRetryDelayDuration(Duration.ofMillis(500))
                        .setRetryDelayMultiplier(2)
                        .setMaxRetryDelayDuration(Duration.ofSeconds(16))
                        .setTotalTimeoutDuration(Duration.ofMinutes(5))
                        .build());
        if (endpoint != null) {
            options.setHost(endpoint.toString());
        }
        if (anonymous) {
            options.setCredentials(NoCredentials.getInstance());
        }
        return options.build();
    }

    private static String printable(String option, String value) {
        if (!PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException("Invalid " + option + " \"" + value + "\": expected printable ASCII");
        }
        return value;
    }

    private static void requireUnset(String option, @Nullable Object value) {
        if (value != null) {
            throw new IllegalArgumentException("Invalid options: " + option + " is given twice");
        }
    }
}
