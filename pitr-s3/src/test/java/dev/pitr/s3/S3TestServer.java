package dev.pitr.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The server that tests run against: the one that they start, or the one that the environment names.
 *
 * <p>{@code S3_TEST_ENDPOINT} names another one, with {@code S3_TEST_BUCKET} (which exists), {@code S3_TEST_ACCESS_KEY},
 * {@code S3_TEST_SECRET_KEY} and optionally {@code S3_TEST_REGION}; the endpoint {@code aws} is Amazon's of that region,
 * with the SDK's own credentials.
 */
final class S3TestServer {
    private static final Map<String, String> ENVIRONMENT = System.getenv();
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final String RUN = Long.toHexString(System.nanoTime());

    private S3TestServer() {}

    static boolean isForeign() {
        return ENVIRONMENT.containsKey("S3_TEST_ENDPOINT");
    }

    static String region() {
        return ENVIRONMENT.getOrDefault("S3_TEST_REGION", "us-east-1");
    }

    static String accessKey() {
        return ENVIRONMENT.getOrDefault("S3_TEST_ACCESS_KEY", S3Proxy.ACCESS_KEY);
    }

    static String secretKey() {
        return ENVIRONMENT.getOrDefault("S3_TEST_SECRET_KEY", S3Proxy.SECRET_KEY);
    }

    /** Empty for Amazon's own. */
    static Optional<URI> endpoint() {
        String foreign = ENVIRONMENT.get("S3_TEST_ENDPOINT");
        if (foreign == null) {
            return Optional.of(S3Proxy.shared().http());
        }
        return foreign.equals("aws") ? Optional.empty() : Optional.of(URI.create(foreign));
    }

    /** A bucket that exists; where the server is ours, it is made. */
    static String bucket(S3Client client) {
        if (isForeign()) {
            return ENVIRONMENT.get("S3_TEST_BUCKET");
        }
        String name = "contract";
        if (client.listBuckets().buckets().stream()
                .noneMatch(bucket -> bucket.name().equals(name))) {
            client.createBucket(request -> request.bucket(name));
        }
        return name;
    }

    /** A prefix that nobody else uses. */
    static String newPrefix() {
        return "test-" + RUN + "/" + PREFIXES.incrementAndGet();
    }

    /** A plain client of the test's own. */
    static S3ClientBuilder client() {
        return client(endpoint().orElse(null));
    }

    static S3ClientBuilder client(URI endpoint) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(region()))
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(100));
        if (endpoint != null) {
            builder.endpointOverride(endpoint)
                    .forcePathStyle(true)
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey(), secretKey())));
        }
        return builder;
    }

    /** A client that reaches our server by TLS and trusts its certificate alone. */
    static S3ClientBuilder tlsClient() {
        return client(S3Proxy.shared().https())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(100)
                        .tlsTrustManagersProvider(S3TestServer::trustManagers));
    }

    private static TrustManager[] trustManagers() {
        try (InputStream in = Files.newInputStream(S3Proxy.shared().keystore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, S3Proxy.keystorePassword());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("loopback", store.getCertificate("loopback"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Removes all objects below a prefix, whatever made them. */
    static void removeAll(S3Client client, String bucket, String prefix) {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(prefix + "/")
                .build();
        client.listObjectsV2Paginator(request).stream().forEach(page -> {
            List<ObjectIdentifier> keys = page.contents().stream()
                    .map(S3Object::key)
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList();
            if (!keys.isEmpty()) {
                client.deleteObjects(delete -> delete.bucket(bucket).delete(all -> all.objects(keys)));
            }
        });
    }
}
