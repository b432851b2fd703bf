package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen when a store was set up.
 *
 * @param partBytes the size of an upload's first parts
 * @param maxSingleBytes the largest object that is stored by one request
 * @param conditionalWrites whether create-if-absent is left to the store's own precondition
 * @param batchDeletes whether many keys are deleted by one request
 * @param alwaysMd5 whether every upload carries a Content-MD5 instead of a CRC-32C
 * @param attemptTimeouts whether each request gets a time limit of ours; a client that we were given keeps its own
 */
record S3Options(
        Map<ObjectKind, String> storageClasses,
        @Nullable S3Encryption encryption,
        boolean kindTags,
        Map<String, String> tags,
        Map<String, String> metadata,
        boolean requesterPays,
        @Nullable String bucketOwner,
        long partBytes,
        long maxSingleBytes,
        int uploadThreads,
        boolean conditionalWrites,
        boolean batchDeletes,
        boolean alwaysMd5,
        boolean attemptTimeouts) {
    S3Options {
        storageClasses = Map.copyOf(storageClasses);
        tags = Map.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }
}
