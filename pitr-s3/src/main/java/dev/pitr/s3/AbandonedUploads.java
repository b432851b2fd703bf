package dev.pitr.s3;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Finds and removes what processes that died have left half uploaded. */
final class AbandonedUploads {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedUploads.class);
    private static final String VERB = "remove";
    private static final String WHAT = "abandoned uploads";

    private final S3Access access;
    private int removed;

    AbandonedUploads(S3Access access) {
        this.access = access;
    }

    int remove(Duration olderThan) {
        Instant limit = Instant.now().minus(olderThan);
        String afterKey = null;
        String afterUpload = null;
        ListMultipartUploadsResponse page;
        do {
            page = page(afterKey, afterUpload);
            page.uploads().stream()
                    .filter(upload -> upload.initiated().isBefore(limit))
                    .filter(upload -> access.place().keyOf(upload.key()).isPresent())
                    .forEach(this::remove);
            afterKey = page.nextKeyMarker();
            afterUpload = page.nextUploadIdMarker();
        } while (Boolean.TRUE.equals(page.isTruncated()) && afterKey != null);
        if (removed > 0) {
            LOG.info("Removed {} abandoned uploads in {}", removed, access.place());
        }
        return removed;
    }

    private ListMultipartUploadsResponse page(@Nullable String afterKey, @Nullable String afterUpload) {
        ListMultipartUploadsRequest request = access.requests()
                .listUploads()
                .keyMarker(afterKey)
                .uploadIdMarker(afterUpload)
                .build();
        return access.errors().call(VERB, WHAT, () -> access.client().listMultipartUploads(request));
    }

    private void remove(MultipartUpload upload) {
        boolean isRemoved = access.errors().call(VERB, WHAT, () -> {
            try {
                access.client().abortMultipartUpload(access.requests().abortUpload(upload.key(), upload.uploadId()));
                return true;
            } catch (S3Exception e) {
                if (S3Failure.of(e) == S3Failure.NO_SUCH_UPLOAD) {
                    return false;
                }
                throw e;
            }
        });
        if (isRemoved) {
            removed++;
        }
    }
}
