package dev.pitr.backup;

import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Repository;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/** What {@link BaseBackupBuilder} gathered, checked. */
record BackupOptions(
        Repository repository,
        String jdbcUrl,
        Properties properties,
        String label,
        BaseBackup.Checkpoint checkpoint,
        OptionalLong maxRateBytesPerSecond,
        Codec codec,
        int jobs,
        long partSizeBytes,
        WalChoice wal,
        Duration waitForWal,
        BaseBackup.ManifestChecksum manifestChecksum,
        Duration lease,
        Optional<String> id,
        ProgressListener progress,
        Clock clock) {

    /** Where a restore will find the WAL from the backup's start to its stop. */
    enum WalChoice {
        ARCHIVED,
        CARRIED
    }

    /** Without URL and properties: both can hold a password. */
    @Override
    public String toString() {
        return "backup \"" + label + "\"";
    }
}
