package dev.pitr.s3;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * How the store encrypts what it is given, with keys of its own or of its key service. Immutable.
 *
 * <p>Without this option the bucket's default applies; on Amazon S3 that is at least {@link #storeKeys()}.
 */
public final class S3Encryption {
    private final ServerSideEncryption algorithm;
    private final @Nullable String keyId;

    private S3Encryption(ServerSideEncryption algorithm, @Nullable String keyId) {
        this.algorithm = algorithm;
        this.keyId = keyId;
    }

    /**
     * Encryption with keys that the store keeps: AES256, also called SSE-S3.
     *
     * @return the option
     */
    public static S3Encryption storeKeys() {
        return new S3Encryption(ServerSideEncryption.AES256, null);
    }

    /**
     * Encryption with the account's default key of the key management service: SSE-KMS.
     *
     * @return the option
     */
    public static S3Encryption kms() {
        return new S3Encryption(ServerSideEncryption.AWS_KMS, null);
    }

    /**
     * Encryption with a key of the key management service: SSE-KMS. Who reads needs the right to decrypt with it.
     *
     * @param keyId the key's id or ARN
     * @return the option
     * @throws IllegalArgumentException if it is blank
     */
    public static S3Encryption kms(String keyId) {
        if (keyId.isBlank()) {
            throw new IllegalArgumentException("Invalid KMS key id: it is blank");
        }
        return new S3Encryption(ServerSideEncryption.AWS_KMS, keyId);
    }

    ServerSideEncryption algorithm() {
        return algorithm;
    }

    Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** Returns the algorithm; a key's id is not told. */
    @Override
    public String toString() {
        return algorithm.toString();
    }
}
