/**
 * PostgreSQL point-in-time recovery as an embeddable library. Start with {@code dev.pitr.Pitr}.
 */
module dev.pitr.core {
    requires transitive org.jspecify;
    requires java.sql;
    requires org.postgresql.jdbc;
    requires com.github.luben.zstd_jni;
    requires com.fasterxml.jackson.core;
    requires org.apache.commons.compress;
    requires org.slf4j;

    exports dev.pitr;
    exports dev.pitr.archive;
    exports dev.pitr.backup;
    exports dev.pitr.catalog;
    exports dev.pitr.error;
    exports dev.pitr.history;
    exports dev.pitr.postgres;
    exports dev.pitr.postgres.driver to
            org.postgresql.jdbc;
    exports dev.pitr.progress;
    exports dev.pitr.recovery;
    exports dev.pitr.repository;
    exports dev.pitr.restore;
    exports dev.pitr.storage;
    exports dev.pitr.wal;
    exports dev.pitr.wal.record;

    uses dev.pitr.storage.StorageProvider;
}
