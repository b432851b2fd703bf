package dev.pitr.gcs;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import java.util.Set;

/** Says in our words what the store reports. */
final class GcsErrors {
    private static final Set<String> RETAINED = Set.of("retentionPolicyNotMet", "objectUnderActiveHold");

    private final String bucket;
    private final String description;

    GcsErrors(String bucket, String prefix) {
        this.bucket = bucket;
        this.description = "gs://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    String description() {
        return description;
    }

    private String cannot(Task task) {
        return "Cannot " + task + " in " + description + ": ";
    }

    StorageException exists(Task task) {
        return new ObjectExistsException(cannot(task) + "it exists. Compare, or choose another key.", null);
    }

    StorageException notFound(ObjectKey key) {
        return new ObjectNotFoundException(
                cannot(Task.of("read", key)) + "there is no such object. Check the key.", null);
    }

    StorageException bucketMissing(Task task) {
        return new StorageException(
                "storage.bucket-missing",
                cannot(task) + "there is no bucket " + bucket + ". Check its name, or create it.",
                null);
    }

    /** The object that was being read was replaced or deleted, so that the rest of it can't be had. */
    StorageException changed(Task task, long position) {
        return new StorageException(
                "storage.object-changed",
                cannot(task) + "the connection broke at byte " + position
                        + ", and the object has been replaced or deleted since. Read it again from the start.",
                null);
    }

    StorageException corrupt(Task task, String what) {
        return new StorageCorruptException(cannot(task) + what, null);
    }

    /** The store forgot an upload before it was complete. */
    StorageException uploadLost(Task task, Failure failure) {
        return new StorageUnavailableException(
                cannot(task) + "the store no longer knows the upload: " + failure.inWords() + ". Start it again.",
                failure);
    }

    CancelledException cancelled(Task task) {
        return new CancelledException("The attempt to " + task + " in " + description);
    }

    StorageException unknownOutcome(Task task, String reason, Exception cause) {
        return new UnknownOutcomeException(
                "Cannot tell whether it worked to " + task + " in " + description + ": " + reason + ". Repeat it.",
                cause);
    }

    /** What a failure means that won't be tried again. */
    PitrException of(Task task, Failure failure) {
        if (failure.isRefusedCredentials()) {
            return denied(
                    task, failure, "No access token can be had: check the credentials, and that they haven't expired.");
        }
        if (failure.isPassing()) {
            return new StorageUnavailableException(
                    cannot(task) + failure.inWords() + ". Try again later, and more slowly if it is overloaded.",
                    failure);
        }
        return switch (failure.status()) {
            case Failure.NO_ANSWER -> unreachable(task, failure);
            case 400 -> badRequest(task, failure);
            case 401 ->
                denied(task, failure, "The credentials are missing, not valid here, or have expired: renew them.");
            case 403 -> forbidden(task, failure);
            case 404 -> bucketMissing(task);
            default -> refused(task, failure);
        };
    }

    private StorageException unreachable(Task task, Failure failure) {
        String advice = failure.isRefusedCertificate()
                ? "The server's certificate isn't trusted: check the endpoint, and the trust store of this Java."
                : "Check the endpoint and the network.";
        return new StorageUnavailableException(cannot(task) + failure.inWords() + ". " + advice, failure);
    }

    private StorageException badRequest(Task task, Failure failure) {
        if (failure.says("requester pays")) {
            return denied(task, failure, "Say which project pays, with userProject.");
        }
        if (failure.says("CRC32C") || failure.says("crc32c") || failure.says("checksum")) {
            return new StorageCorruptException(
                    cannot(task) + "what arrived is not what was sent: " + failure.inWords()
                            + ". Nothing was stored; try again, and check the network if it recurs.",
                    failure);
        }
        return refused(task, failure);
    }

    private StorageException forbidden(Task task, Failure failure) {
        if (RETAINED.contains(failure.reason())) {
            return denied(
                    task,
                    failure,
                    "A retention policy or a hold keeps the object as it is: wait until it ends, or lift it.");
        }
        return denied(task, failure, "Grant the permission on the bucket to these credentials.");
    }

    private StorageException denied(Task task, Failure failure, String advice) {
        return new StorageDeniedException(cannot(task) + failure.inWords() + ". " + advice, failure);
    }

    private StorageException refused(Task task, Failure failure) {
        return new StorageException(
                "storage.refused",
                cannot(task) + failure.inWords() + ". Check the endpoint and the options of this store.",
                failure);
    }
}
