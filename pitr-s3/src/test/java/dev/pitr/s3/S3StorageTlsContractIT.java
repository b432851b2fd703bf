package dev.pitr.s3;

import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.ObjectStorageContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract over TLS, with a certificate made for this run. */
class S3StorageTlsContractIT extends ObjectStorageContract {
    private static S3Client client;
    private static String bucket;

    private String prefix;

    @BeforeAll
    static void connect() {
        client = S3TestServer.tlsClient().build();
        bucket = S3TestServer.bucket(client);
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Override
    protected ObjectStorage openStorage() {
        prefix = S3TestServer.newPrefix();
        return S3Storage.builder(bucket).client(client).prefix(prefix).build();
    }

    @AfterEach
    void removeObjects() {
        S3TestServer.removeAll(client, bucket, prefix);
    }
}
