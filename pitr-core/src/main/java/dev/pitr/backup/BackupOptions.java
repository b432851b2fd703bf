package dev.pitr.backup;

import dev.pitr.postgres.BaseBackupOptions;
import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Repository;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** What {@link BaseBackupBuilder} gathered, checked. */
record BackupOptions(
        Repository repository,
        String jdbcUrl,
        Properties properties,
        BaseBackupOptions asked,
        Codec codec,
        int jobs,
        long partSizeBytes,
        Duration waitForWal,
        Duration lease,
        Optional<String> id,
        ProgressListener progress) {

    /** Without URL and properties: both can hold a password. */
    @Override
    public String toString() {
        return "backup \"" + asked.label() + "\"";
    }
}
