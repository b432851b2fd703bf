package dev.pitr.s3;

import dev.pitr.storage.StorageException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Builds a client by the SDK's defaults, as far as they suit large transfers. */
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** Where many threads read at once, some wait for a connection until others are done. */
    private static final Duration CONNECTION_FREE = Duration.ofMinutes(1);

    private S3Clients() {}

    /** What a client is built from; a null is the SDK's default. */
    record Settings(
            @Nullable String region,
            @Nullable URI endpoint,
            boolean pathStyle,
            boolean plainUploads,
            int maxConnections,
            int maxAttempts) {}

    static S3Client build(Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(settings.maxConnections())
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .connectionAcquisitionTimeout(CONNECTION_FREE)
                        .tcpKeepAlive(true))
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                                .maxAttempts(settings.maxAttempts())
                                .build()));
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        }
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.plainUploads()) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .serviceConfiguration(service -> service.chunkedEncodingEnabled(false));
        }
        try {
            return builder.build();
        } catch (SdkClientException e) {
            throw new StorageException(
                    "storage.no-region",
                    "Cannot set up a client for S3: " + e.getMessage()
                            + " Name the region; stores other than Amazon's mostly take us-east-1.",
                    e);
        }
    }
}
