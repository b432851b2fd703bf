package dev.pitr.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.storage.StorageOptions;
import dev.pitr.e2e.Site;
import dev.pitr.storage.ObjectStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A prefix of its own in a bucket of a server of ours. */
final class GcsSite implements Site {
    private static final String BUCKET = "site";

    private final FakeGcs server;
    private final Path folder;
    private final String prefix = "t-" + UUID.randomUUID();
    private final GcsStorage storage;
    private int copies;

    GcsSite(FakeGcs server, Path folder) {
        this.server = server;
        this.folder = folder;
        server.bucket(BUCKET);
        this.storage = open(TestGcs.options(server.endpoint()));
    }

    private GcsStorage open(StorageOptions.Builder options) {
        return GcsStorage.builder(BUCKET)
                .prefix(prefix)
                .client(options.build().getService())
                .bufferBytes(1 << 20)
                .build();
    }

    @Override
    public ObjectStorage storage() {
        return storage;
    }

    @Override
    public ObjectStorage openThrough(URI proxy) {
        return open(TestGcs.options(proxy)
                .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build()));
    }

    @Override
    public String url() {
        return "gs://" + BUCKET + "/" + prefix + "?anonymous=true&endpoint=" + server.endpoint();
    }

    @Override
    public Path files() {
        Path copy = folder.resolve("copy-" + copies++);
        String base = prefix + "/";
        for (FakeObject object : server.bucket(BUCKET).list(base, "", null, Integer.MAX_VALUE)) {
            write(copy.resolve(object.name().substring(base.length())), object.bytes());
        }
        return copy;
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
