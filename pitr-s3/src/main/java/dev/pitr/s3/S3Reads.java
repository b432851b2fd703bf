package dev.pitr.s3;

import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Looks objects up and opens them. */
final class S3Reads {
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /** No store has objects this large, and not every one can count so far. */
    private static final long BEYOND_ANY_OBJECT = 1L << 50;

    private final S3Access access;

    S3Reads(S3Access access) {
        this.access = access;
    }

    InputStream open(ObjectKey key) {
        GetObjectRequest request =
                access.requests().get(key).checksumMode(ChecksumMode.ENABLED).build();
        ResponseInputStream<GetObjectResponse> answer = get(key, request).orElseThrow();
        return new S3ObjectStream(access, key, 0, length(key, answer), answer);
    }

    InputStream open(ObjectKey key, long offset, long length) {
        if (length == 0 || offset >= BEYOND_ANY_OBJECT) {
            if (stat("read", key).isEmpty()) {
                throw access.errors().notFound(key, null);
            }
            return InputStream.nullInputStream();
        }
        if (offset == 0 && length >= BEYOND_ANY_OBJECT) {
            return open(key);
        }
        String end = length >= BEYOND_ANY_OBJECT ? "" : Long.toString(offset + length - 1);
        GetObjectRequest request =
                access.requests().get(key).range("bytes=" + offset + "-" + end).build();
        Optional<ResponseInputStream<GetObjectResponse>> answer = get(key, request);
        if (answer.isEmpty()) {
            return InputStream.nullInputStream();
        }
        S3ObjectStream.requireRange(access, key, offset, answer.get());
        return new S3ObjectStream(access, key, offset, Math.min(length, length(key, answer.get())), answer.get());
    }

    /** Empty if the object ends before the range. */
    private Optional<ResponseInputStream<GetObjectResponse>> get(ObjectKey key, GetObjectRequest request) {
        access.errors().requireNotInterrupted("read", key.value());
        try {
            return Optional.of(access.client().getObject(request));
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return Optional.empty();
            }
            if (e.statusCode() == NOT_FOUND && S3Failure.of(e) != S3Failure.NO_SUCH_BUCKET) {
                throw absent(key, e);
            }
            throw access.errors().of("read", key.value(), e);
        } catch (SdkException e) {
            throw access.errors().of("read", key.value(), e);
        }
    }

    private StorageException absent(ObjectKey key, S3Exception e) {
        if (S3Failure.of(e) != S3Failure.NO_SUCH_KEY) {
            access.requireBucket("read", key);
        }
        return access.errors().notFound(key, e);
    }

    private long length(ObjectKey key, ResponseInputStream<GetObjectResponse> answer) {
        Long length = answer.response().contentLength();
        if (length == null) {
            answer.abort();
            throw new StorageException(
                    "storage.unsupported",
                    "Cannot read " + key + " in " + access.place()
                            + ": the store doesn't say how long its answer is, so"
                            + " that a cut one can't be told. Check what lies between.",
                    null);
        }
        return length;
    }

    Optional<ObjectInfo> stat(ObjectKey key) {
        return stat("look up", key);
    }

    private Optional<ObjectInfo> stat(String verb, ObjectKey key) {
        HeadObjectResponse found = access.errors().call(verb, key.value(), () -> head(key));
        if (found == null) {
            access.requireBucket(verb, key);
            return Optional.empty();
        }
        return Optional.of(new ObjectInfo(key, found.contentLength(), found.lastModified()));
    }

    private @Nullable HeadObjectResponse head(ObjectKey key) {
        try {
            return access.client().headObject(access.requests().head(key).build());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
