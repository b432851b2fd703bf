package dev.pitr.s3;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Stores whole objects by one request each. */
final class S3Puts {
    private static final Logger LOG = LoggerFactory.getLogger(S3Puts.class);
    private static final int PRECONDITION_FAILED = 412;
    private static final int INTERNAL_ERROR = 500;

    private final S3Access access;
    private final UploadProof proof;
    private final KeyConflicts conflicts;

    S3Puts(S3Access access, UploadProof proof, KeyConflicts conflicts) {
        this.access = access;
        this.proof = proof;
        this.conflicts = conflicts;
    }

    void put(ObjectKey key, Content content) {
        OutgoingContent sent = OutgoingContent.measure(key, content);
        boolean withMd5 = proof.needsMd5();
        PutObjectResponse stored = send("put", key, sent, request(key, sent, withMd5));
        confirm("put", key, sent, withMd5, stored);
    }

    /**
     * Leaves it to the store that there is one winner. A second attempt of the SDK, after the answer to the first was
     * lost, may find this call's own object: "exists" is right then too, since the object is there and durable.
     */
    void createIfAbsent(ObjectKey key, Content content) {
        OutgoingContent sent = OutgoingContent.measure(key, content);
        boolean withMd5 = proof.needsMd5();
        PutObjectResponse stored =
                send("create", key, sent, request(key, sent, withMd5).ifNoneMatch("*"));
        try {
            confirm("create", key, sent, withMd5, stored);
        } catch (StorageCorruptException e) {
            // The store said that this call created it, and what it has is damaged: nobody must find that.
            removeDamaged(key, e);
            throw e;
        }
    }

    private PutObjectRequest.Builder request(ObjectKey key, OutgoingContent sent, boolean withMd5) {
        return access.requests()
                .put(key, sent.sizeBytes())
                .checksumCRC32C(proof.usesCrc32c() ? sent.crc32cText() : null)
                .contentMD5(withMd5 ? Checksums.text(sent.md5()) : null);
    }

    private void confirm(String verb, ObjectKey key, OutgoingContent sent, boolean withMd5, PutObjectResponse stored) {
        if (!proof.isConfirmed(verb, key, sent, stored.checksumCRC32C()) && !withMd5) {
            proof.confirmStored(verb, key, sent, stored.eTag());
        }
    }

    private PutObjectResponse send(String verb, ObjectKey key, OutgoingContent sent, PutObjectRequest.Builder request) {
        int[] sentWholeBefore = {0};
        try {
            return Repeats.of(() -> {
                sentWholeBefore[0] = sent.timesSentWhole();
                return access.client().putObject(request.build(), sent.body());
            });
        } catch (SdkException e) {
            sent.requireIntact();
            boolean maybeStored = sent.timesSentWhole() > sentWholeBefore[0];
            if (e instanceof S3Exception answer) {
                throw refused(verb, key, answer, maybeStored);
            }
            throw maybeStored ? unknown(verb, key, e) : access.errors().of(verb, key.value(), e);
        } catch (RuntimeException e) {
            sent.requireIntact();
            throw e;
        }
    }

    private PitrException refused(String verb, ObjectKey key, S3Exception e, boolean maybeStored) {
        if (e.statusCode() == PRECONDITION_FAILED) {
            return conflicts.taken(key, e);
        }
        if (!maybeStored || Repeats.isRefusal(e)) {
            return access.errors().of(verb, key.value(), e);
        }
        return e.statusCode() == INTERNAL_ERROR
                ? conflicts.find(key, e).orElseGet(() -> unknown(verb, key, e))
                : unknown(verb, key, e);
    }

    private StorageException unknown(String verb, ObjectKey key, SdkException e) {
        if (S3Errors.isInterruption(e)) {
            Thread.currentThread().interrupt();
        }
        return access.errors().unknownOutcome(verb, key, e);
    }

    private void removeDamaged(ObjectKey key, StorageException damage) {
        Uninterrupted.run(() -> {
            try {
                access.client()
                        .deleteObject(access.requests().delete(access.place().nameOf(key)));
            } catch (SdkException e) {
                damage.addSuppressed(e);
                LOG.error("Cannot remove {} in {}, which was stored damaged: remove it", key, access.place());
            }
        });
    }
}
