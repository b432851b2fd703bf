package dev.pitr.gcs;

import dev.pitr.e2e.RestoreMatrix;
import dev.pitr.e2e.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Archives to a bucket, backs up to it, restores from it, and starts what was restored. */
@Tag("soak")
class GcsRestoreMatrixIT extends RestoreMatrix {
    private static FakeGcs server;

    @BeforeAll
    static void start() {
        server = FakeGcs.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected Site site(Path folder) {
        return new GcsSite(server, folder);
    }
}
