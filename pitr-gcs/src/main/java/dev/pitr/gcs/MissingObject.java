package dev.pitr.gcs;

import com.google.api.services.storage.model.Objects;

/** Tells an object that is missing from a bucket that is: the store answers both with 404. */
final class MissingObject {
    private static final Task LOOK = new Task("list", "objects");

    private final GcsClient client;

    MissingObject(GcsClient client) {
        this.client = client;
    }

    /**
     * Returns if the bucket is there, so that the object isn't.
     *
     * @throws dev.pitr.storage.StorageException with the code {@code storage.bucket-missing} if it isn't
     */
    void requireBucket(Task task, Failure failure) {
        if (failure.says("No such object")) {
            return;
        }
        if (failure.says("bucket does not exist")) {
            throw client.errors().bucketMissing(task);
        }
        // Words that we don't know: a bucket that can be listed exists.
        GcsRequest request =
                client.onObjects(LOOK, "GET").query("maxResults", 1).query("fields", "nextPageToken");
        client.send(request, GcsClient.json(Objects.class));
    }
}
