/**
 * A pitr repository in Amazon S3 and in stores that speak its protocol. Start with {@code dev.pitr.s3.S3Storage}.
 */
module dev.pitr.s3 {
    requires transitive dev.pitr.core;
    requires transitive org.jspecify;
    requires transitive software.amazon.awssdk.services.s3;
    requires com.fasterxml.jackson.core;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries.api;
    requires org.slf4j;

    exports dev.pitr.s3;

    provides dev.pitr.storage.StorageProvider with
            dev.pitr.s3.S3StorageProvider;
}
