package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One multipart upload, as the store sees it. Parts may be sent by several threads. */
final class S3Parts {
    private static final Logger LOG = LoggerFactory.getLogger(S3Parts.class);
    private static final Pattern MD5_TAG = Pattern.compile("[0-9a-fA-F]{32}");
    private static final String VERB = "upload";

    private final S3Access access;
    private final UploadProof proof;
    private final ObjectKey key;
    private final String uploadId;

    private S3Parts(S3Access access, UploadProof proof, ObjectKey key, String uploadId) {
        this.access = access;
        this.proof = proof;
        this.key = key;
        this.uploadId = uploadId;
    }

    static S3Parts start(S3Access access, UploadProof proof, ObjectKey key) {
        String uploadId = access.errors()
                .call(
                        VERB,
                        key.value(),
                        () -> access.client()
                                .createMultipartUpload(access.requests().startUpload(key, proof.usesCrc32c()))
                                .uploadId());
        return new S3Parts(access, proof, key, uploadId);
    }

    /** Returns when the store has vouched for the part; one that it didn't vouch for is sent again, with an MD5. */
    CompletedPart send(int number, PartBuffer bytes) {
        OutgoingContent part = OutgoingContent.measure(key, bytes);
        while (true) {
            boolean withMd5 = proof.needsMd5();
            UploadPartResponse stored = send(number, part, withMd5);
            if (proof.isConfirmed(VERB, key, part, stored.checksumCRC32C())
                    || withMd5
                    || Checksums.isTagOf(part.md5(), stored.eTag())) {
                return CompletedPart.builder()
                        .partNumber(number)
                        .eTag(stored.eTag())
                        .checksumCRC32C(stored.checksumCRC32C())
                        .build();
            }
        }
    }

    private UploadPartResponse send(int number, OutgoingContent part, boolean withMd5) {
        UploadPartRequest request = access.requests()
                .part(key, uploadId, number, part.sizeBytes())
                .checksumCRC32C(proof.usesCrc32c() ? part.crc32cText() : null)
                .contentMD5(withMd5 ? Checksums.text(part.md5()) : null)
                .build();
        try {
            return access.errors()
                    .call(
                            VERB,
                            key.value(),
                            () -> Repeats.of(() -> access.client().uploadPart(request, part.body())));
        } catch (RuntimeException e) {
            part.requireIntact();
            throw e;
        }
    }

    /** Makes the object appear. When the answer is lost, it looks at what is there. */
    void complete(List<CompletedPart> parts, long sizeBytes) {
        CompleteMultipartUploadRequest request = access.requests().completeUpload(key, uploadId, parts);
        try {
            String crc32c = access.client().completeMultipartUpload(request).checksumCRC32C();
            if (crc32c != null && hasChecksums(parts) && !sameChecksum(crc32c, parts)) {
                throw proof.corrupt(VERB, key);
            }
        } catch (SdkException e) {
            if (Repeats.isRefusal(e)) {
                throw access.errors().of(VERB, key.value(), e);
            }
            Uninterrupted.run(() -> requireThere(parts, sizeBytes, e));
        }
    }

    private void requireThere(List<CompletedPart> parts, long sizeBytes, SdkException lost) {
        try {
            HeadObjectRequest request = access.requests()
                    .head(key)
                    .checksumMode(ChecksumMode.ENABLED)
                    .build();
            HeadObjectResponse found = access.client().headObject(request);
            if (found.contentLength() == sizeBytes && isMadeOf(parts, found)) {
                return;
            }
        } catch (SdkException e) {
            lost.addSuppressed(e);
        }
        throw access.errors().unknownOutcome(VERB, key, lost);
    }

    private static boolean isMadeOf(List<CompletedPart> parts, HeadObjectResponse found) {
        String checksum = found.checksumCRC32C();
        if (checksum != null && checksum.indexOf('-') > 0 && hasChecksums(parts)) {
            return sameChecksum(checksum, parts);
        }
        return found.eTag() != null && found.eTag().replace("\"", "").equals(entityTag(parts));
    }

    private static boolean hasChecksums(List<CompletedPart> parts) {
        return parts.stream().allMatch(part -> part.checksumCRC32C() != null);
    }

    /** A store may tell the checksum of the parts' checksums, or that of all bytes, which isn't known here. */
    private static boolean sameChecksum(String checksum, List<CompletedPart> parts) {
        int dash = checksum.indexOf('-');
        return dash < 0 || checksum.substring(0, dash).equals(checksumOfChecksums(parts));
    }

    private static String checksumOfChecksums(List<CompletedPart> parts) {
        CRC32C crc = new CRC32C();
        parts.forEach(part -> crc.update(Checksums.bytes(part.checksumCRC32C())));
        return Checksums.text((int) crc.getValue());
    }

    /** The MD5 of the parts' MD5s and their number, as S3 makes it; null where tags aren't MD5s. */
    private static @Nullable String entityTag(List<CompletedPart> parts) {
        ByteArrayOutputStream md5s = new ByteArrayOutputStream();
        for (CompletedPart part : parts) {
            String tag = part.eTag().replace("\"", "");
            if (!MD5_TAG.matcher(tag).matches()) {
                return null;
            }
            md5s.writeBytes(HexFormat.of().parseHex(tag));
        }
        return HexFormat.of().formatHex(Checksums.md5().digest(md5s.toByteArray())) + "-" + parts.size();
    }

    /** Gives the parts back; what can't be given back now is removed with the abandoned uploads. */
    void abort() {
        try {
            access.client()
                    .abortMultipartUpload(
                            access.requests().abortUpload(access.place().nameOf(key), uploadId));
        } catch (S3Exception e) {
            if (S3Failure.of(e) != S3Failure.NO_SUCH_UPLOAD) {
                warn(e);
            }
        } catch (SdkException e) {
            warn(e);
        }
    }

    private void warn(SdkException e) {
        LOG.warn(
                "Cannot abort the upload of {} to {}: {}. Its parts are billed until removeAbandonedUploads or a"
                        + " lifecycle rule removes them.",
                key,
                access.place(),
                e.getMessage());
    }
}
