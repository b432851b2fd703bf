package dev.pitr.s3;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Deletes many objects, by batches where the store takes them. */
final class S3Deletion {
    private static final Logger LOG = LoggerFactory.getLogger(S3Deletion.class);
    private static final int BATCH = 1000;
    private static final int MAX_TOLD = 20;

    /** What stores answer that want a header which the SDK doesn't send, or know no batches at all. */
    private static final Set<Integer> NO_BATCHES = Set.of(400, 405, 501);

    private final S3Access access;
    private volatile boolean byBatches;

    S3Deletion(S3Access access, boolean byBatches) {
        this.access = access;
        this.byBatches = byBatches;
    }

    void delete(Collection<ObjectKey> keys) {
        List<ObjectKey> all = new ArrayList<>(new LinkedHashSet<>(keys));
        List<PitrException> failures = new ArrayList<>();
        for (int start = 0; start < all.size(); start += BATCH) {
            List<ObjectKey> batch = all.subList(start, Math.min(all.size(), start + BATCH));
            if (batch.size() == 1 || !byBatches || !deleteBatch(batch, failures)) {
                batch.forEach(key -> deleteOne(key, failures));
            }
        }
        if (!failures.isEmpty()) {
            PitrException first = failures.get(0);
            failures.stream().skip(1).limit(MAX_TOLD).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Returns false if the store takes no batches. */
    private boolean deleteBatch(List<ObjectKey> batch, List<PitrException> failures) {
        String what = batch.size() + " objects from " + batch.get(0) + " on";
        access.errors().requireNotInterrupted("delete", what);
        try {
            DeleteObjectsResponse answer =
                    access.client().deleteObjects(access.requests().delete(batch));
            answer.errors().forEach(error -> refused(error).ifPresent(failures::add));
        } catch (S3Exception e) {
            if (NO_BATCHES.contains(e.statusCode())) {
                byBatches = false;
                LOG.info("{} takes no batches of deletes: objects are deleted one by one from now on", access.place());
                return false;
            }
            failures.add(access.errors().of("delete", what, e));
        } catch (SdkException e) {
            failures.add(unlessCancelled(access.errors().of("delete", what, e)));
        }
        return true;
    }

    private Optional<PitrException> refused(S3Error error) {
        S3Exception asAnswer = (S3Exception) S3Exception.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(error.code())
                        .errorMessage(error.message())
                        .build())
                .build();
        return S3Failure.of(asAnswer) == S3Failure.NO_SUCH_KEY
                ? Optional.empty()
                : Optional.of(access.errors().of("delete", error.key(), asAnswer));
    }

    private void deleteOne(ObjectKey key, List<PitrException> failures) {
        access.errors().requireNotInterrupted("delete", key.value());
        try {
            access.client().deleteObject(access.requests().delete(access.place().nameOf(key)));
        } catch (S3Exception e) {
            if (S3Failure.of(e) != S3Failure.NO_SUCH_KEY) {
                failures.add(access.errors().of("delete", key.value(), e));
            }
        } catch (SdkException e) {
            failures.add(unlessCancelled(access.errors().of("delete", key.value(), e)));
        }
    }

    private static PitrException unlessCancelled(PitrException failure) {
        if (failure instanceof CancelledException) {
            throw failure;
        }
        return failure;
    }
}
