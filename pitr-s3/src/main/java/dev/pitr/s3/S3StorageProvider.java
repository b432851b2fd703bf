package dev.pitr.s3;

import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageProvider;
import dev.pitr.storage.StorageUrl;
import java.net.URI;
import java.util.Set;

/**
 * Opens {@code s3://BUCKET/PREFIX}. Options: {@code region}, {@code endpoint}, {@code path-style}, {@code kms-key},
 * {@code kind-tags}, {@code requester-pays}, {@code plain-uploads}, {@code single-deletes} and
 * {@code assume-single-writer}; the last five and {@code path-style} are true or false.
 */
public final class S3StorageProvider implements StorageProvider {
    private static final Set<String> OPTIONS = Set.of(
            "region",
            "endpoint",
            "path-style",
            "kms-key",
            "kind-tags",
            "requester-pays",
            "plain-uploads",
            "single-deletes",
            "assume-single-writer");

    /** For the service loader. */
    public S3StorageProvider() {}

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public ObjectStorage open(StorageUrl url) {
        url.requireOptions(OPTIONS);
        S3StorageBuilder builder = S3Storage.builder(url.bucket());
        if (!url.prefix().isEmpty()) {
            builder.prefix(url.prefix());
        }
        url.option("region").ifPresent(builder::region);
        url.option("endpoint").map(URI::create).ifPresent(builder::endpoint);
        url.option("kms-key").map(S3Encryption::kms).ifPresent(builder::encryption);
        if (url.isOn("path-style")) {
            builder.pathStyle();
        }
        if (url.isOn("kind-tags")) {
            builder.kindTags();
        }
        if (url.isOn("requester-pays")) {
            builder.requesterPays();
        }
        if (url.isOn("plain-uploads")) {
            builder.plainUploads();
        }
        if (url.isOn("single-deletes")) {
            builder.singleDeletes();
        }
        if (url.isOn("assume-single-writer")) {
            builder.assumeSingleWriter();
        }
        return builder.build();
    }
}
