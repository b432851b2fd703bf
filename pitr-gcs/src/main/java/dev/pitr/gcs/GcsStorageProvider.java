package dev.pitr.gcs;

import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageProvider;
import dev.pitr.storage.StorageUrl;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Opens {@code gs://BUCKET/PREFIX} with application default credentials, and these options: {@code endpoint},
 * {@code anonymous}, {@code user-project}, {@code kms-key}, {@code buffer-mib}, and a storage class for each kind of
 * objects: {@code wal-class}, {@code backup-data-class}, {@code backup-record-class}, {@code index-class} and
 * {@code record-class}.
 */
public final class GcsStorageProvider implements StorageProvider {
    private static final int MEBIBYTE = 1 << 20;
    private static final int MAX_BUFFER_MEBIBYTES = 1024;
    private static final Set<String> OPTIONS = options();

    /** For {@link java.util.ServiceLoader}. */
    public GcsStorageProvider() {}

    private static Set<String> options() {
        Set<String> options = new HashSet<>(List.of("endpoint", "anonymous", "user-project", "kms-key", "buffer-mib"));
        for (ObjectKind kind : ObjectKind.values()) {
            options.add(classOption(kind));
        }
        return Set.copyOf(options);
    }

    private static String classOption(ObjectKind kind) {
        return kind.label() + "-class";
    }

    @Override
    public String scheme() {
        return "gs";
    }

    @Override
    public ObjectStorage open(StorageUrl url) {
        url.requireOptions(OPTIONS);
        GcsStorageBuilder storage = GcsStorage.builder(url.bucket());
        if (!url.prefix().isEmpty()) {
            storage.prefix(url.prefix());
        }
        url.option("endpoint").map(URI::create).ifPresent(storage::endpoint);
        url.option("user-project").ifPresent(storage::userProject);
        url.option("kms-key").ifPresent(storage::kmsKey);
        url.option("buffer-mib").map(GcsStorageProvider::mebibytes).ifPresent(storage::bufferBytes);
        if (url.isOn("anonymous")) {
            storage.anonymous();
        }
        for (ObjectKind kind : ObjectKind.values()) {
            url.option(classOption(kind)).ifPresent(name -> storage.storageClass(kind, storageClass(name)));
        }
        return storage.build();
    }

    private static int mebibytes(String value) {
        if (!value.matches("\\d{1,4}") || Integer.parseInt(value) > MAX_BUFFER_MEBIBYTES) {
            throw new IllegalArgumentException("Invalid buffer-mib \"" + value + "\": expected 1 to 1024");
        }
        return Integer.parseInt(value) * MEBIBYTE;
    }

    private static GcsStorageClass storageClass(String name) {
        for (GcsStorageClass storageClass : GcsStorageClass.values()) {
            if (storageClass.name().equals(name.toUpperCase(Locale.ROOT))) {
                return storageClass;
            }
        }
        throw new IllegalArgumentException(
                "Invalid storage class \"" + name + "\": expected standard, nearline, coldline or archive");
    }
}
