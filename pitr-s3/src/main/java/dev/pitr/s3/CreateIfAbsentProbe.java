package dev.pitr.s3;

import dev.pitr.storage.StorageException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds out whether the store keeps its word on If-None-Match: it creates an object of its own twice. Its name starts
 * with a dot, as no key does, so that no listing shows it.
 */
final class CreateIfAbsentProbe {
    private static final Logger LOG = LoggerFactory.getLogger(CreateIfAbsentProbe.class);
    private static final String VERB = "probe";
    private static final String WHAT = "create-if-absent";
    private static final int PRECONDITION_FAILED = 412;

    private final S3Access access;
    private volatile boolean proven;

    CreateIfAbsentProbe(S3Access access) {
        this.access = access;
    }

    boolean isEnforced() {
        access.errors().requireNotInterrupted(VERB, WHAT);
        if (!proven) {
            String name = access.place().prefix() + ".pitr-probe/" + UUID.randomUUID();
            try {
                boolean first = isRefused(name);
                // A refusal at once follows on a lost answer: it proves the same.
                proven = first || isRefused(name);
            } catch (StorageException e) {
                if (!e.code().equals("storage.unsupported")) {
                    throw e;
                }
            } finally {
                Uninterrupted.run(() -> remove(name));
            }
        }
        return proven;
    }

    private boolean isRefused(String name) {
        PutObjectRequest request = access.requests()
                .plainPut(name, 0)
                .ifNoneMatch("*")
                .contentMD5(Checksums.text(Checksums.md5().digest()))
                .build();
        return access.errors().call(VERB, WHAT, () -> {
            try {
                Repeats.of(() -> access.client().putObject(request, RequestBody.empty()));
                return false;
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    return true;
                }
                throw e;
            }
        });
    }

    private void remove(String name) {
        try {
            access.client().deleteObject(access.requests().delete(name));
        } catch (SdkException e) {
            LOG.warn("Cannot remove the empty object {} in {}: {}", name, access.place(), e.getMessage());
        }
    }
}
