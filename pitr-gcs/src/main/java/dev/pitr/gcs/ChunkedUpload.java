package dev.pitr.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpResponse;
import com.google.api.services.storage.model.StorageObject;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A resumable upload: chunks in order, each repeated from where the store says it got to. Its address is as good as a
 * key, and appears in no message.
 */
final class ChunkedUpload {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkedUpload.class);
    private static final int INCOMPLETE = 308;
    private static final int CANCELLED = 499;
    private static final Pattern RANGE = Pattern.compile("bytes=0-(\\d{1,18})");

    private final GcsClient client;
    private final Task task;
    private final String address;
    private long offset;
    private boolean ended;

    private ChunkedUpload(GcsClient client, Task task, String address) {
        this.client = client;
        this.task = task;
        this.address = address;
    }

    /** Starts one; empty if its name is taken and mustn't be. */
    static Optional<ChunkedUpload> start(GcsClient client, Task task, NewObject object) {
        GcsRequest request = object.describe(client.onUpload(task, "resumable"))
                .header("X-Upload-Content-Type", NewObject.CONTENT_TYPE)
                .content(GcsClient.json(object.metadata()))
                .answeredBy(412);
        return client.send(request, ChunkedUpload::address).map(address -> new ChunkedUpload(client, task, address));
    }

    private static Optional<String> address(HttpResponse response) throws IOException {
        response.ignore();
        if (response.getStatusCode() == 412) {
            return Optional.empty();
        }
        String location = response.getHeaders().getLocation();
        if (location == null) {
            throw new IOException("the upload has no address");
        }
        return Optional.of(location);
    }

    /**
     * What the store says of an upload.
     *
     * @param persisted how many bytes it has
     * @param ended whether that is all
     * @param object the object, if it is there
     */
    private record Progress(long persisted, boolean ended, Optional<StorageObject> object) {}

    /** Sends a chunk that isn't the last. */
    void send(byte[] bytes, int length) {
        transfer(new Chunk(bytes, length, offset, null));
    }

    /**
     * Sends the last chunk.
     *
     * @param crc of the whole object, which the store compares before it shows the object
     * @return the object; empty if its name is taken
     */
    Optional<StorageObject> finish(byte[] bytes, int length, String crc) {
        return transfer(new Chunk(bytes, length, offset, crc));
    }

    /** A piece of the object; the last one if it has a checksum. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(
            byte[] bytes, int length, long start, @Nullable String crc) {
        long end() {
            return start + length;
        }

        boolean isLast() {
            return crc != null;
        }

        String total() {
            return isLast() ? Long.toString(end()) : "*";
        }
    }

    private Optional<StorageObject> transfer(Chunk chunk) {
        Retry retry = client.retry();
        boolean doubtful = false;
        boolean asking = false;
        while (true) {
            if (!doubtful) {
                client.requireNotInterrupted(task);
            }
            try {
                Progress progress = client.attempt(asking ? question() : delivery(chunk), this::progress);
                if (progress.ended) {
                    ended = true;
                    return progress.object;
                }
                if (advance(chunk, progress.persisted)) {
                    retry.progressed();
                } else if (!asking) {
                    throw stuck();
                }
                if (!chunk.isLast() && offset == chunk.end()) {
                    return Optional.empty();
                }
                asking = false;
            } catch (Failure failure) {
                doubtful |= chunk.isLast() && failure.mayHaveWorked();
                // What may be complete must not be cancelled.
                ended |= doubtful;
                if (!doubtful && isGone(failure)) {
                    throw client.errors().uploadLost(task, failure);
                }
                client.pauseOrThrow(task, failure, retry, doubtful);
                asking = true;
            }
        }
    }

    private static boolean isGone(Failure failure) {
        return failure.status() == 404 || failure.status() == 410;
    }

    /** Takes over how far the store got; tells whether that is further than before. */
    private boolean advance(Chunk chunk, long persisted) throws Failure {
        if (persisted < offset || persisted > chunk.end()) {
            throw Failure.of(
                    new IOException("the store has " + persisted + " bytes of the upload, where " + offset + " to "
                            + chunk.end() + " were expected"),
                    false);
        }
        boolean further = persisted > offset;
        offset = persisted;
        return further;
    }

    private static Failure stuck() {
        return Failure.of(new IOException("the upload doesn't get on"), false);
    }

    private GcsRequest delivery(Chunk chunk) {
        int skipped = (int) (offset - chunk.start);
        int length = chunk.length - skipped;
        String range = length == 0 ? "*" : offset + "-" + (chunk.end() - 1);
        GcsRequest request = GcsRequest.to(task, "PUT", address)
                .contentRange("bytes " + range + "/" + chunk.total())
                .content(new ByteArrayContent(NewObject.CONTENT_TYPE, chunk.bytes, skipped, length))
                .answeredBy(INCOMPLETE, 412);
        return chunk.crc == null ? request : request.header("x-goog-hash", "crc32c=" + chunk.crc);
    }

    private GcsRequest question() {
        return GcsRequest.to(task, "PUT", address)
                .contentRange("bytes */*")
                .content(new ByteArrayContent(null, new byte[0]))
                .answeredBy(INCOMPLETE, 412);
    }

    private Progress progress(HttpResponse response) throws IOException {
        int status = response.getStatusCode();
        if (status == INCOMPLETE) {
            response.ignore();
            return new Progress(persisted(response.getHeaders().getRange()), false, Optional.empty());
        }
        return new Progress(0, true, NewObject.read(response));
    }

    private static long persisted(@Nullable String range) throws IOException {
        if (range == null) {
            return 0;
        }
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new IOException("the store has a range that isn't one: " + range);
        }
        return Long.parseLong(matcher.group(1)) + 1;
    }

    /** Gives up what was sent. The store would forget it after a week, and bills nothing for it until then. */
    void cancel() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            client.attempt(GcsRequest.to(task, "DELETE", address).answeredBy(CANCELLED, 404, 410), response -> {
                response.ignore();
                return true;
            });
        } catch (Failure e) {
            LOG.warn("Left an unfinished upload behind, to expire by itself: cannot {}: {}", task, e.inWords());
        }
    }
}
