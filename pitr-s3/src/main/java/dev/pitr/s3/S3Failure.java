package dev.pitr.s3;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an error answer means to us: by its code, or by its status where the code says nothing. */
enum S3Failure {
    NO_SUCH_KEY,
    NO_SUCH_BUCKET,
    NO_SUCH_UPLOAD,
    KEY_CONFLICT,
    WRONG_REGION,
    EXPIRED_CREDENTIALS,
    CLOCK_SKEW,
    DENIED,
    ARCHIVED,
    FULL,
    DAMAGED,
    UNSUPPORTED,
    UNAVAILABLE,
    REFUSED;

    private static final int MAX_MESSAGE_LENGTH = 300;

    private static final Map<String, S3Failure> BY_CODE = Map.ofEntries(
            Map.entry("NoSuchKey", NO_SUCH_KEY),
            Map.entry("NoSuchBucket", NO_SUCH_BUCKET),
            Map.entry("NoSuchUpload", NO_SUCH_UPLOAD),
            Map.entry("XMinioParentIsObject", KEY_CONFLICT),
            Map.entry("XMinioObjectExistsAsDirectory", KEY_CONFLICT),
            Map.entry("PermanentRedirect", WRONG_REGION),
            Map.entry("IllegalLocationConstraintException", WRONG_REGION),
            Map.entry("ExpiredToken", EXPIRED_CREDENTIALS),
            Map.entry("ExpiredTokenException", EXPIRED_CREDENTIALS),
            Map.entry("TokenRefreshRequired", EXPIRED_CREDENTIALS),
            Map.entry("RequestExpired", EXPIRED_CREDENTIALS),
            Map.entry("RequestTimeTooSkewed", CLOCK_SKEW),
            Map.entry("InvalidToken", DENIED),
            Map.entry("AccessDenied", DENIED),
            Map.entry("InvalidObjectState", ARCHIVED),
            Map.entry("EntityTooLarge", FULL),
            Map.entry("QuotaExceeded", FULL),
            Map.entry("XMinioStorageFull", FULL),
            Map.entry("BadDigest", DAMAGED),
            Map.entry("InvalidDigest", DAMAGED),
            Map.entry("XAmzContentSHA256Mismatch", DAMAGED),
            Map.entry("XAmzContentChecksumMismatch", DAMAGED),
            Map.entry("NotImplemented", UNSUPPORTED),
            Map.entry("InvalidStorageClass", UNSUPPORTED),
            Map.entry("RequestTimeout", UNAVAILABLE),
            Map.entry("SlowDown", UNAVAILABLE),
            Map.entry("InternalError", UNAVAILABLE),
            Map.entry("Throttling", UNAVAILABLE),
            Map.entry("OperationAborted", UNAVAILABLE),
            Map.entry("ConditionalRequestConflict", UNAVAILABLE));

    static S3Failure of(S3Exception e) {
        String code = codeOf(e);
        if (code.equals("AuthorizationHeaderMalformed")) {
            // Also said of other flaws of the header; only this one names the region that it expects.
            return messageOf(e).contains("region") ? WRONG_REGION : DENIED;
        }
        S3Failure byCode = BY_CODE.get(code);
        return byCode == null ? ofStatus(e.statusCode(), code) : byCode;
    }

    private static S3Failure ofStatus(int status, String code) {
        if (status == 401 || status == 403 || code.startsWith("KMS.")) {
            return DENIED;
        }
        if (status == 301 || status == 307) {
            return WRONG_REGION;
        }
        if (status == 507) {
            return FULL;
        }
        if (status == 501 || status == 405) {
            return UNSUPPORTED;
        }
        return status == 429 || status == 408 || status >= 500 ? UNAVAILABLE : REFUSED;
    }

    /** Empty where the answer had no body to tell. */
    static String codeOf(S3Exception e) {
        return e.awsErrorDetails() == null ? "" : orEmpty(e.awsErrorDetails().errorCode());
    }

    private static String messageOf(S3Exception e) {
        return e.awsErrorDetails() == null ? "" : orEmpty(e.awsErrorDetails().errorMessage());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The region that the store names in its answer. */
    static String regionOf(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
                ? "another region"
                : e.awsErrorDetails()
                        .sdkHttpResponse()
                        .firstMatchingHeader("x-amz-bucket-region")
                        .orElse("another region");
    }

    /** What the store said, on one line of bounded length. */
    String reason(S3Exception e) {
        String message = messageOf(e).replaceAll("\\p{Cntrl}+", " ").strip();
        String said = message.length() > MAX_MESSAGE_LENGTH ? message.substring(0, MAX_MESSAGE_LENGTH) + "…" : message;
        String what = Stream.of(
                        codeOf(e),
                        e.statusCode() == 0 ? "" : "status " + e.statusCode(),
                        e.requestId() == null ? "" : "request " + e.requestId())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return "the store answered " + what + (said.isEmpty() ? "" : ": " + said.replaceAll("[.]$", ""));
    }
}
