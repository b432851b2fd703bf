package dev.pitr.s3;

import dev.pitr.e2e.Site;
import dev.pitr.storage.ObjectStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A prefix of its own in the tests' bucket.
 *
 * <p>What it opens by URL or through a proxy has a client by the SDK's defaults, so it needs the credentials where those
 * look: see {@link #provideCredentials()}.
 */
final class S3Site implements Site {
    /** What s3proxy lists of an object that it is still receiving, or has just given up because the client has gone. */
    private static final Predicate<String> UNFINISHED =
            Pattern.compile("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$").asPredicate();

    private final S3Client client;
    private final String bucket;
    private final String prefix = S3TestServer.newPrefix();
    private final Path folder;
    private final S3Storage storage;
    private int maxAttempts = 1;
    private int copies;

    /** Takes a plain client, which stays open, and a folder for {@link #files()}. */
    S3Site(S3Client client, Path folder) {
        this.client = client;
        this.bucket = S3TestServer.bucket(client);
        this.folder = folder;
        this.storage = S3Storage.builder(bucket).client(client).prefix(prefix).build();
    }

    /** Lets {@link #openThrough} return stores that try a request so often. */
    S3Site attempts(int max) {
        maxAttempts = max;
        return this;
    }

    static void provideCredentials() {
        System.setProperty("aws.accessKeyId", S3TestServer.accessKey());
        System.setProperty("aws.secretAccessKey", S3TestServer.secretKey());
    }

    static void withdrawCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @Override
    public ObjectStorage storage() {
        return storage;
    }

    @Override
    public ObjectStorage openThrough(URI proxy) {
        return S3Storage.builder(bucket)
                .prefix(prefix)
                .region(S3TestServer.region())
                .endpoint(proxy)
                .pathStyle()
                .maxAttempts(maxAttempts)
                .build();
    }

    @Override
    public String url() {
        String place = "s3://" + bucket + "/" + prefix + "?region=" + S3TestServer.region();
        return S3TestServer.endpoint()
                .map(endpoint -> place + "&path-style=true&endpoint=" + endpoint)
                .orElse(place);
    }

    @Override
    public List<String> jvmOptions() {
        return List.of(
                "-Daws.accessKeyId=" + S3TestServer.accessKey(), "-Daws.secretAccessKey=" + S3TestServer.secretKey());
    }

    @Override
    public Path files() {
        Path copy = folder.resolve("copy-" + copies++);
        client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix + "/")).contents().stream()
                .map(S3Object::key)
                .filter(UNFINISHED.negate())
                .forEach(key -> download(key, copy.resolve(key.substring(prefix.length() + 1))));
        return copy;
    }

    private void download(String key, Path target) {
        try {
            Files.createDirectories(target.getParent());
            client.getObject(get -> get.bucket(bucket).key(key), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
