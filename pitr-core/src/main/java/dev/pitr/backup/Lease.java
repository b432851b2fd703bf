package dev.pitr.backup;

import dev.pitr.repository.BackupStore;
import dev.pitr.repository.BackupStore.Started;
import dev.pitr.storage.StorageException;
import dev.pitr.wal.Lsn;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease of a running backup, renewed by the thread that waits for the others. Thread-safe. */
final class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final int RENEWALS = 3;
    private static final int ATTEMPTS = 30;

    private final BackupStore store;
    private final Duration duration;
    private Started started;
    private long renewedAt;
    private long nextRenewal;

    /** Starts a backup under a lease. */
    Lease(BackupStore store, String id, String owner, Duration duration) {
        this.store = store;
        this.duration = duration;
        long now = System.nanoTime();
        this.started = store.start(id, owner, duration);
        renewed(now);
    }

    /** Returns the backup's first record, as it was written last. */
    synchronized Started started() {
        return started;
    }

    /** Records from where on the backup needs WAL. */
    synchronized void recordStart(Lsn startLsn) {
        started = store.recordStart(started, startLsn);
    }

    /** Waits for a result as long as it takes, renewing the lease meanwhile. */
    <T> T await(Future<T> future) throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return future.get(nanosToRenewal(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                renewIfDue();
            }
        }
    }

    private synchronized long nanosToRenewal() {
        return Math.max(1, nextRenewal - System.nanoTime());
    }

    /** Renews the lease if a third of it is over. A store that fails is asked again until the lease is over. */
    synchronized void renewIfDue() {
        long now = System.nanoTime();
        if (now - nextRenewal < 0) {
            return;
        }
        try {
            started = store.renew(started, duration);
            renewed(now);
        } catch (StorageException e) {
            if (now - renewedAt >= duration.toNanos()) {
                throw lost(e);
            }
            LOG.warn("Cannot renew the lease of backup {}, will try again: {}", started.id(), e.getMessage());
            nextRenewal = System.nanoTime() + duration.toNanos() / ATTEMPTS;
        }
    }

    private void renewed(long at) {
        renewedAt = at;
        nextRenewal = at + duration.toNanos() / RENEWALS;
    }

    private BackupException lost(StorageException cause) {
        return new BackupException(
                "backup.lease-lost",
                "Cannot go on with backup " + started.id() + ": its lease of " + duration
                        + " ended and could not be renewed. Take the backup again when storage is well",
                cause);
    }
}
