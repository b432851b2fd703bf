package dev.pitr.s3;

import dev.pitr.e2e.RestoreMatrix;
import dev.pitr.e2e.Site;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.PostgresVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.S3Client;

/** Archives to a bucket, backs up to it, restores from it: a sample with one version, all cases with several. */
class S3RestoreMatrixIT extends RestoreMatrix {
    private static S3Client client;

    @BeforeAll
    static void connect() {
        client = S3TestServer.client().build();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Override
    protected Site site(Path folder) {
        return new S3Site(client, folder);
    }

    /** Few files: where a program fetches each, it starts a JVM with the SDK each time. */
    @Override
    protected int segmentMebibytes(PostgresVersion version) {
        return 16;
    }

    @Override
    protected int stride() {
        return PostgresVersions.selected().size() == 1 ? 4 : 1;
    }
}
