package dev.pitr.s3;

import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.ObjectStorageContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract over plain HTTP, or against the server that the environment names. */
class S3StorageContractIT extends ObjectStorageContract {
    private static S3Client client;
    private static String bucket;

    private String prefix;

    @BeforeAll
    static void connect() {
        client = S3TestServer.client().build();
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

    @Override
    protected ObjectStorage openAgain(ObjectStorage first) {
        return S3Storage.builder(bucket).client(client).prefix(prefix).build();
    }

    @AfterEach
    void removeObjects() {
        S3TestServer.removeAll(client, bucket, prefix);
    }
}
