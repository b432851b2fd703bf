package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.ObjectKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Makes every request that is sent: the one place that knows what the options put into it. */
final class S3Requests {
    /** The tag that tells lifecycle rules of what kind an object is. */
    static final String KIND_TAG = "pitr-kind";

    /** Slower than this, a body counts as stuck. */
    private static final int SLOWEST_BYTES_PER_SECOND = 32 << 10;

    private static final Duration SMALL_REQUEST = Duration.ofMinutes(1);

    /** Putting thousands of parts together can take a store minutes. */
    private static final Duration COMPLETION = Duration.ofMinutes(15);

    private final S3Place place;
    private final S3Options options;
    private final @Nullable RequestPayer payer;

    S3Requests(S3Place place, S3Options options) {
        this.place = place;
        this.options = options;
        this.payer = options.requesterPays() ? RequestPayer.REQUESTER : null;
    }

    PutObjectRequest.Builder put(ObjectKey key, long sizeBytes) {
        ObjectKind kind = ObjectKind.of(key);
        S3Encryption encryption = options.encryption();
        return plainPut(place.nameOf(key), sizeBytes)
                .storageClass(options.storageClasses().get(kind))
                .serverSideEncryption(encryption == null ? null : encryption.algorithm())
                .ssekmsKeyId(encryption == null ? null : encryption.keyId().orElse(null))
                .tagging(tagging(kind))
                .metadata(options.metadata());
    }

    /** Without what is only for objects that stay. */
    PutObjectRequest.Builder plainPut(String name, long sizeBytes) {
        return PutObjectRequest.builder()
                .bucket(place.bucket())
                .key(name)
                .contentLength(sizeBytes)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(timeFor(sizeBytes)));
    }

    /** As the header carries it; null for no header. */
    private @Nullable String tagging(ObjectKind kind) {
        Map<String, String> tags = new TreeMap<>(options.tags());
        if (options.kindTags()) {
            tags.put(KIND_TAG, kind.label());
        }
        return tags.isEmpty()
                ? null
                : tags.entrySet().stream()
                        .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                        .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    CreateMultipartUploadRequest startUpload(ObjectKey key, boolean withChecksums) {
        ObjectKind kind = ObjectKind.of(key);
        S3Encryption encryption = options.encryption();
        return CreateMultipartUploadRequest.builder()
                .bucket(place.bucket())
                .key(place.nameOf(key))
                .storageClass(options.storageClasses().get(kind))
                .serverSideEncryption(encryption == null ? null : encryption.algorithm())
                .ssekmsKeyId(encryption == null ? null : encryption.keyId().orElse(null))
                .tagging(tagging(kind))
                .metadata(options.metadata())
                .checksumAlgorithm(withChecksums ? ChecksumAlgorithm.CRC32_C : null)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST))
                .build();
    }

    UploadPartRequest.Builder part(ObjectKey key, String uploadId, int number, long sizeBytes) {
        return UploadPartRequest.builder()
                .bucket(place.bucket())
                .key(place.nameOf(key))
                .uploadId(uploadId)
                .partNumber(number)
                .contentLength(sizeBytes)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(timeFor(sizeBytes)));
    }

    CompleteMultipartUploadRequest completeUpload(ObjectKey key, String uploadId, List<CompletedPart> parts) {
        return CompleteMultipartUploadRequest.builder()
                .bucket(place.bucket())
                .key(place.nameOf(key))
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts))
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(COMPLETION))
                .build();
    }

    AbortMultipartUploadRequest abortUpload(String name, String uploadId) {
        return AbortMultipartUploadRequest.builder()
                .bucket(place.bucket())
                .key(name)
                .uploadId(uploadId)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST))
                .build();
    }

    ListMultipartUploadsRequest.Builder listUploads() {
        return ListMultipartUploadsRequest.builder()
                .bucket(place.bucket())
                .prefix(place.prefix().isEmpty() ? null : place.prefix())
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST));
    }

    GetObjectRequest.Builder get(ObjectKey key) {
        return GetObjectRequest.builder()
                .bucket(place.bucket())
                .key(place.nameOf(key))
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST));
    }

    HeadObjectRequest.Builder head(ObjectKey key) {
        return HeadObjectRequest.builder()
                .bucket(place.bucket())
                .key(place.nameOf(key))
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST));
    }

    HeadBucketRequest headBucket() {
        return HeadBucketRequest.builder()
                .bucket(place.bucket())
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST))
                .build();
    }

    ListObjectsV2Request.Builder list(String prefix) {
        return ListObjectsV2Request.builder()
                .bucket(place.bucket())
                .prefix(place.prefix() + prefix)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST));
    }

    DeleteObjectRequest delete(String name) {
        return DeleteObjectRequest.builder()
                .bucket(place.bucket())
                .key(name)
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST))
                .build();
    }

    DeleteObjectsRequest delete(List<ObjectKey> keys) {
        List<ObjectIdentifier> names = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(place.nameOf(key)).build())
                .toList();
        return DeleteObjectsRequest.builder()
                .bucket(place.bucket())
                .delete(delete -> delete.objects(names).quiet(true))
                .requestPayer(payer)
                .expectedBucketOwner(options.bucketOwner())
                .overrideConfiguration(within(SMALL_REQUEST))
                .build();
    }

    private static Duration timeFor(long sizeBytes) {
        return SMALL_REQUEST.plusSeconds(sizeBytes / SLOWEST_BYTES_PER_SECOND);
    }

    private Consumer<AwsRequestOverrideConfiguration.Builder> within(Duration limit) {
        return options.attemptTimeouts() ? override -> override.apiCallAttemptTimeout(limit) : override -> {};
    }
}
