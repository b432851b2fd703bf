package dev.pitr.s3;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageFullException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Says in our words what the store and the SDK report. */
final class S3Errors {
    private final S3Place place;

    S3Errors(S3Place place) {
        this.place = place;
    }

    /** Makes one call that changes nothing, or nothing that matters. */
    <T extends @Nullable Object> T call(String verb, String what, Supplier<T> call) {
        requireNotInterrupted(verb, what);
        try {
            return call.get();
        } catch (SdkException e) {
            throw of(verb, what, e);
        }
    }

    void requireNotInterrupted(String verb, String what) {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(verb, what);
        }
    }

    CancelledException cancelled(String verb, String what) {
        Thread.currentThread().interrupt();
        return new CancelledException("The attempt to " + verb + " " + what + " in " + place);
    }

    static boolean isInterruption(SdkException e) {
        return e instanceof AbortedException || Thread.currentThread().isInterrupted();
    }

    /** The error of a call whose effect, if any, need not be known. */
    PitrException of(String verb, String what, SdkException e) {
        if (isInterruption(e)) {
            return cancelled(verb, what);
        }
        String task = "Cannot " + verb + " " + what + " in " + place + ": ";
        return e instanceof S3Exception answer ? ofAnswer(task, answer) : ofClient(task, e);
    }

    private PitrException ofAnswer(String task, S3Exception e) {
        S3Failure failure = S3Failure.of(e);
        String reason = task + failure.reason(e);
        return switch (failure) {
            case NO_SUCH_KEY -> new ObjectNotFoundException(task + "there is no such object. Check the key.", e);
            case NO_SUCH_BUCKET -> bucketMissing(task, e);
            case NO_SUCH_UPLOAD ->
                new StorageException(
                        "storage.upload-removed",
                        reason + ". A clean-up or a lifecycle rule has removed the upload while it ran: give uploads"
                                + " more time there, then upload again.",
                        e);
            case KEY_CONFLICT -> new StorageException("storage.key-conflict", reason + ". Choose another key.", e);
            case WRONG_REGION ->
                new StorageException(
                        "storage.wrong-region",
                        reason + ". The bucket lies in " + S3Failure.regionOf(e) + ": set that region.",
                        e);
            case EXPIRED_CREDENTIALS ->
                new StorageDeniedException(reason + ". The credentials have expired: renew them.", e);
            case CLOCK_SKEW ->
                new StorageDeniedException(reason + ". This machine's clock and the store's differ: set the clock.", e);
            case DENIED ->
                new StorageDeniedException(
                        reason + ". Check the credentials and what they allow; without the right to list the bucket,"
                                + " S3 answers so for absent objects too.",
                        e);
            case ARCHIVED ->
                new StorageException(
                        "storage.archived",
                        reason + ". The object lies in an archive class: restore it there first.",
                        e);
            case FULL -> new StorageFullException(reason + ". Make room, or raise the limit, and try again.", e);
            case DAMAGED ->
                new StorageCorruptException(
                        reason + ". The bytes were damaged on the way, or the store doesn't know how they were sent:"
                                + " try again, then with the option for older stores. Nothing was stored.",
                        e);
            case UNSUPPORTED ->
                new StorageException(
                        "storage.unsupported",
                        reason + ". The store can't do what the options ask for: see the options for S3-compatible"
                                + " stores.",
                        e);
            case UNAVAILABLE -> new StorageUnavailableException(reason + ". Try again.", e);
            case REFUSED -> new StorageException("storage.refused", reason + ". Check the options.", e);
        };
    }

    StorageException bucketMissing(String verb, String what, S3Exception cause) {
        return bucketMissing("Cannot " + verb + " " + what + " in " + place + ": ", cause);
    }

    private StorageException bucketMissing(String task, S3Exception cause) {
        return new StorageException(
                "storage.bucket-missing",
                task + "there is no bucket " + place.bucket() + ". Check its name and the endpoint, or create it.",
                cause);
    }

    private static PitrException ofClient(String task, SdkException e) {
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("Unable to load credentials")) {
            return new StorageDeniedException(
                    task + "no credentials were found. Give them as the AWS SDK takes them, for example by"
                            + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile.",
                    e);
        }
        Throwable root = rootOf(e);
        String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        if (root instanceof UnknownHostException) {
            reason = "the host " + reason + " can't be found. Check the endpoint, the region and the network";
        } else if (root instanceof SSLException) {
            reason = "TLS fails: " + reason + ". Check the endpoint and the certificates that Java trusts";
        }
        return new StorageUnavailableException(task + reason + ". Try again.", e);
    }

    static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    StorageException exists(ObjectKey key, @Nullable Throwable cause) {
        return new ObjectExistsException(
                "Cannot create " + key + " in " + place + ": it exists. Compare, or choose another key.", cause);
    }

    /** Between two answers an object that was in the way has gone. */
    StorageException goneAgain(ObjectKey key, @Nullable Throwable cause) {
        return new StorageUnavailableException(
                "Cannot create " + key + " in " + place + ": it existed and was deleted meanwhile. Try again.", cause);
    }

    StorageException notFound(ObjectKey key, @Nullable Throwable cause) {
        return new ObjectNotFoundException(
                "Cannot read " + key + " in " + place + ": there is no such object. Check the key.", cause);
    }

    StorageException unknownOutcome(String verb, ObjectKey key, SdkException cause) {
        return new UnknownOutcomeException(
                "Cannot tell whether it worked to " + verb + " " + key + " in " + place + ": the answer was lost ("
                        + (cause instanceof S3Exception answer
                                ? S3Failure.of(answer).reason(answer)
                                : String.valueOf(rootOf(cause).getMessage()))
                        + "). Repeat it.",
                cause);
    }

    StorageException corrupt(String verb, ObjectKey key, String reason) {
        return new StorageCorruptException("Cannot " + verb + " " + key + " in " + place + ": " + reason, null);
    }
}
