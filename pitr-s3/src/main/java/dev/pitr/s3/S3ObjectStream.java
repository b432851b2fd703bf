package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bytes of an object, or a range of them. When the connection breaks, it reads on from where it got to, on the
 * condition that the object is still the same.
 *
 * <p>It ends only where the store said at the start that it would: an answer that is shorter is a broken connection.
 */
final class S3ObjectStream extends InputStream {
    private static final int PRECONDITION_FAILED = 412;
    private static final int MAX_FRUITLESS_ATTEMPTS = 5;

    private final S3Access access;
    private final ObjectKey key;
    private final @Nullable String entityTag;
    private final @Nullable String crc32c;
    private final CRC32C read = new CRC32C();
    private ResponseInputStream<GetObjectResponse> body;
    private long position;
    private long remaining;
    private int fruitlessAttempts;

    /** The answer's body begins with the byte at {@code position}; of it, {@code length} are wanted. */
    S3ObjectStream(
            S3Access access, ObjectKey key, long position, long length, ResponseInputStream<GetObjectResponse> body) {
        this.access = access;
        this.key = key;
        this.position = position;
        this.remaining = length;
        this.body = body;
        this.entityTag = body.response().eTag();
        this.crc32c = wholeChecksum(body.response(), position, length);
    }

    /** That of parts is of their checksums, not of the bytes. */
    private static @Nullable String wholeChecksum(GetObjectResponse answer, long position, long length) {
        String checksum = answer.checksumCRC32C();
        boolean isWhole = position == 0
                && answer.contentRange() == null
                && Objects.equals(answer.contentLength(), length)
                && checksum != null
                && checksum.indexOf('-') < 0;
        return isWhole ? checksum : null;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (remaining > 0) {
            access.errors().requireNotInterrupted("read", key.value());
            Exception broken;
            try {
                int n = body.read(bytes, offset, (int) Math.min(length, remaining));
                if (n > 0) {
                    advance(bytes, offset, n);
                    return n;
                }
                broken = new IOException("the answer ended " + remaining + " bytes early");
            } catch (IOException | SdkException e) {
                broken = e;
            }
            reconnect(broken);
        }
        return -1;
    }

    private void advance(byte[] bytes, int offset, int n) {
        fruitlessAttempts = 0;
        position += n;
        remaining -= n;
        if (crc32c != null) {
            read.update(bytes, offset, n);
            if (remaining == 0 && !crc32c.equals(Checksums.text((int) read.getValue()))) {
                throw access.errors()
                        .corrupt(
                                "read",
                                key,
                                "its bytes don't have the checksum that was stored with them. Read it again; if that"
                                        + " fails too, verify the repository.");
            }
        }
    }

    private void reconnect(Exception broken) {
        body.abort();
        for (StorageException failure = lost(broken); ; ) {
            fruitlessAttempts++;
            boolean isPossible = entityTag != null && fruitlessAttempts < MAX_FRUITLESS_ATTEMPTS;
            if (!isPossible || !(fruitlessAttempts == 1 || Repeats.pause(fruitlessAttempts))) {
                access.errors().requireNotInterrupted("read", key.value());
                throw failure;
            }
            try {
                body = readOn();
                return;
            } catch (StorageUnavailableException e) {
                failure = e;
            }
        }
    }

    private ResponseInputStream<GetObjectResponse> readOn() {
        GetObjectRequest request = access.requests()
                .get(key)
                .range("bytes=" + position + "-" + (position + remaining - 1))
                .ifMatch(entityTag)
                .build();
        ResponseInputStream<GetObjectResponse> answer = access.errors().call("read", key.value(), () -> get(request));
        requireRange(access, key, position, answer);
        return answer;
    }

    private ResponseInputStream<GetObjectResponse> get(GetObjectRequest request) {
        try {
            return access.client().getObject(request);
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                throw new StorageException(
                        "storage.replaced",
                        "Cannot read " + key + " in " + access.place() + " from byte " + position
                                + " on: it was replaced while it was read. Read it again from the start.",
                        e);
            }
            throw e;
        }
    }

    /** A store that passes over the range would give other bytes. */
    static void requireRange(
            S3Access access, ObjectKey key, long position, ResponseInputStream<GetObjectResponse> answer) {
        String range = answer.response().contentRange();
        if (range == null || !range.startsWith("bytes " + position + "-")) {
            answer.abort();
            throw new StorageException(
                    "storage.unsupported",
                    "Cannot read " + key + " in " + access.place() + ": asked for the bytes from " + position
                            + " on, the store answered with others. It can't hold a repository.",
                    null);
        }
    }

    private StorageUnavailableException lost(Exception cause) {
        return new StorageUnavailableException(
                "Cannot read " + key + " in " + access.place() + ": the connection broke at byte " + position + ": "
                        + S3Errors.rootOf(cause).getMessage() + ". Try again.",
                cause);
    }

    /** Not 0 before the end: some streams take that for one. */
    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, remaining);
    }

    /** Gives the connection up if bytes are left, which may be many. */
    @Override
    public void close() {
        if (remaining > 0) {
            body.abort();
            return;
        }
        try {
            body.close();
        } catch (IOException | SdkException e) {
            body.abort();
        }
    }
}
