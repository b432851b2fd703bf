package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What every part of a store needs to reach its bucket. */
record S3Access(S3Client client, S3Place place, S3Requests requests, S3Errors errors) {
    /** Fails unless the bucket itself is there to say that a key is absent: a 404 may come from anything on the way. */
    void requireBucket(String verb, ObjectKey key) {
        errors.call(verb, key.value(), () -> {
            try {
                return client.headBucket(requests.headBucket());
            } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                    throw errors.bucketMissing(verb, key.value(), e);
                }
                // Who may read objects needn't be allowed to look at the bucket; that it exists is told either way.
                if (e.statusCode() == 403) {
                    return e;
                }
                throw e;
            }
        });
    }
}
