package dev.pitr.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.MultipartContent;
import com.google.api.services.storage.model.StorageObject;
import dev.pitr.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object: in one request if it fits the buffer, else chunk by chunk. The store gets the CRC-32C of what was
 * sent before it shows anything, and what it then says it has is compared once more.
 */
final class ObjectWriter implements AutoCloseable {
    /** What a chunk that isn't the last must be a multiple of. */
    static final int CHUNK_UNIT_BYTES = 256 * 1024;

    private static final int FIRST_BUFFER_BYTES = 64 * 1024;

    private final GcsClient client;
    private final Task task;
    private final NewObject object;
    private final int limit;
    private final CRC32C checksum = new CRC32C();
    private byte[] buffer;
    private int buffered;
    private long written;
    private @Nullable ChunkedUpload upload;

    /**
     * Starts.
     *
     * @param limit the most bytes to buffer: a multiple of {@link #CHUNK_UNIT_BYTES}, or the exact size of the object
     */
    ObjectWriter(GcsClient client, Task task, NewObject object, int limit) {
        this.client = client;
        this.task = task;
        this.object = object;
        this.limit = limit;
        this.buffer = new byte[Math.min(limit, FIRST_BUFFER_BYTES)];
    }

    void write(byte[] bytes, int offset, int length) {
        checksum.update(bytes, offset, length);
        int position = offset;
        int remaining = length;
        while (remaining > 0) {
            // A full buffer leaves only when more follows: the last chunk must not be empty.
            if (buffered == limit) {
                sendChunk();
            }
            int n = Math.min(remaining, limit - buffered);
            ensureRoom(buffered + n);
            System.arraycopy(bytes, position, buffer, buffered, n);
            buffered += n;
            position += n;
            remaining -= n;
        }
        written += length;
    }

    private void ensureRoom(int size) {
        if (size > buffer.length) {
            long doubled = Math.max(size, 2L * buffer.length);
            buffer = Arrays.copyOf(buffer, (int) Math.min(limit, doubled));
        }
    }

    private void sendChunk() {
        if (upload == null) {
            upload = ChunkedUpload.start(client, task, object)
                    .orElseThrow(() -> client.errors().exists(task));
        }
        upload.send(buffer, buffered);
        buffered = 0;
    }

    /**
     * Makes the object appear.
     *
     * @throws StorageException as the storage's methods do; the writer is of no more use
     */
    void commit() {
        String crc = base64(checksum);
        Optional<StorageObject> stored = upload == null ? sendWhole(crc) : upload.finish(buffer, buffered, crc);
        verify(stored.orElseThrow(() -> client.errors().exists(task)), crc);
    }

    private Optional<StorageObject> sendWhole(String crc) {
        HttpContent body = new MultipartContent()
                .setContentParts(List.of(
                        GcsClient.json(object.metadata().setCrc32c(crc)),
                        new ByteArrayContent(NewObject.CONTENT_TYPE, buffer, 0, buffered)));
        GcsRequest request = object.describe(client.onUpload(task, "multipart"))
                .content(body)
                .answeredBy(412)
                .changing();
        return client.send(request, NewObject::read);
    }

    private void verify(StorageObject stored, String crc) {
        boolean sizeIsRight = stored.getSize() == null || stored.getSize().longValue() == written;
        boolean crcIsRight = stored.getCrc32c() == null || stored.getCrc32c().equals(crc);
        if (sizeIsRight && crcIsRight) {
            return;
        }
        String what = "the store says that it keeps " + stored.getSize() + " bytes with CRC-32C " + stored.getCrc32c()
                + ", but " + written + " with " + crc + " were sent. ";
        throw client.errors()
                .corrupt(task, what + (removed(stored) ? "It was removed again: try again." : "Delete it."));
    }

    /** What isn't right would stand in the way of what is. Only this very version goes, not one put since. */
    private boolean removed(StorageObject stored) {
        if (stored.getGeneration() == null) {
            return false;
        }
        try {
            return client.attempt(
                    client.onObject(task, "DELETE", object.name()).query("ifGenerationMatch", stored.getGeneration()),
                    response -> {
                        response.ignore();
                        return true;
                    });
        } catch (Failure e) {
            return false;
        }
    }

    private static String base64(CRC32C checksum) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Cancels what was begun and not committed. */
    @Override
    public void close() {
        buffer = new byte[0];
        if (upload != null) {
            upload.cancel();
        }
    }
}
