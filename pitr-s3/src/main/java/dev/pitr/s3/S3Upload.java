package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageFullException;
import dev.pitr.storage.UnknownOutcomeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An upload of unknown length: parts are filled here and sent beside. What fits into one part is put whole, by a single
 * request.
 */
final class S3Upload extends ObjectUpload {
    private final S3Storage storage;
    private final ObjectKey key;
    private final long firstPartBytes;
    private final Deque<Future<CompletedPart>> underWay = new ArrayDeque<>();
    private final List<CompletedPart> sent = new ArrayList<>();
    private PartBuffer filling;
    private @Nullable S3Parts parts;
    private long bytesBefore;
    private boolean ended;
    private boolean settled;
    private volatile boolean abandoned;

    S3Upload(S3Storage storage, ObjectKey key, long firstPartBytes) {
        this.storage = storage;
        this.key = key;
        this.firstPartBytes = firstPartBytes;
        this.filling = new PartBuffer(firstPartBytes, () -> abandoned);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireLive();
        ended = true;
        storage.begin("upload", key);
        int written = 0;
        while (written < length) {
            if (filling.isFull()) {
                sendPart();
            }
            written += filling.fill(bytes, offset + written, length - written);
        }
        ended = false;
    }

    private void sendPart() {
        S3Parts upload = started();
        int number = sent.size() + underWay.size() + 1;
        if (number > PartSizes.MAX_PARTS) {
            throw new StorageFullException(
                    "Cannot upload " + key + " to " + storage.description() + ": it has more than "
                            + PartSizes.MAX_PARTS + " parts. Set larger parts, or store it in pieces.",
                    null);
        }
        PartBuffer part = filling;
        bytesBefore += part.sizeBytes();
        filling = new PartBuffer(PartSizes.next(firstPartBytes, bytesBefore), () -> abandoned);
        underWay.add(storage.threads().submit(() -> upload.send(number, part)));
        while (!underWay.isEmpty() && underWay.getFirst().isDone()) {
            collectFirst();
        }
    }

    private S3Parts started() {
        S3Parts upload = parts;
        if (upload == null) {
            upload = storage.startParts(key);
            parts = upload;
        }
        return upload;
    }

    private void collectFirst() {
        try {
            sent.add(underWay.getFirst().get());
            underWay.removeFirst();
        } catch (InterruptedException e) {
            throw storage.cancelled("upload", key);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) e.getCause();
        }
    }

    @Override
    public void commit() {
        requireLive();
        ended = true;
        storage.begin("upload", key);
        try {
            if (parts == null) {
                storage.put(key, filling);
            } else {
                complete(parts);
            }
            settled = true;
        } catch (UnknownOutcomeException e) {
            settled = true;
            throw e;
        }
    }

    private void complete(S3Parts upload) {
        long sizeBytes = bytesBefore + filling.sizeBytes();
        if (!filling.isEmpty()) {
            sendPart();
        }
        while (!underWay.isEmpty()) {
            collectFirst();
        }
        storage.begin("upload", key);
        upload.complete(sent, sizeBytes);
    }

    private void requireLive() {
        if (ended) {
            throw new IllegalStateException("The upload of " + key + " has ended: start another");
        }
    }

    /** A part that is still under way could outlive the upload and be billed: the abort waits for the last one. */
    @Override
    public void close() {
        ended = true;
        S3Parts upload = parts;
        if (upload != null && !settled) {
            settled = true;
            abandoned = true;
            Uninterrupted.run(() -> {
                underWay.forEach(S3Upload::await);
                upload.abort();
            });
        }
        underWay.clear();
    }

    private static void await(Future<CompletedPart> part) {
        boolean interrupted = false;
        while (!part.isDone()) {
            try {
                part.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                // The upload has failed or is given up anyway.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
