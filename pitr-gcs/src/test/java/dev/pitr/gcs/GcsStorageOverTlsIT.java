package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.cloud.http.HttpTransportOptions;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.testkit.ObjectStorageContract;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract once more, with a transport of the user's own. */
class GcsStorageOverTlsIT extends ObjectStorageContract {
    private static FakeGcs server;
    private static HttpTransport trusting;
    private final String prefix = "t-" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path folder) throws GeneralSecurityException {
        TestCertificate certificate = TestCertificate.make(folder);
        server = FakeGcs.startSecure(certificate.serverContext());
        server.bucket("secure");
        trusting = new NetHttpTransport.Builder()
                .trustCertificates(certificate.keys())
                .build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected ObjectStorage openStorage() {
        return GcsStorage.builder("secure")
                .prefix(prefix)
                .bufferBytes(1 << 20)
                .client(TestGcs.options(server.endpoint())
                        .setTransportOptions(HttpTransportOptions.newBuilder()
                                .setHttpTransportFactory(() -> trusting)
                                .build())
                        .build()
                        .getService())
                .build();
    }

    @Override
    protected ObjectStorage openAgain(ObjectStorage first) {
        return openStorage();
    }

    @Test
    void refusesAServerThatNobodyVouchesFor() {
        try (ObjectStorage distrusting = GcsStorage.builder("secure")
                .client(TestGcs.client(server.endpoint()))
                .build()) {
            assertThatThrownBy(() -> distrusting.stat(new ObjectKey("a")))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("certificate isn't trusted");
        }
    }
}
