package dev.pitr.backup;

import dev.pitr.postgres.BaseBackupOptions;
import dev.pitr.postgres.CheckpointPace;
import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Repository;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes a {@link BaseBackup}. An option set twice fails; what is not set has the default that its method names. */
public final class BaseBackupBuilder {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final long MIN_RATE = 32L << 10;
    private static final long MAX_RATE = 1L << 30;
    private static final long MIN_PART = 1L << 20;
    private static final long MAX_PART = 1L << 30;

    private final Repository repository;
    private final Set<String> set = new HashSet<>();
    private final BaseBackupOptions.Builder asked = BaseBackupOptions.builder();

    private @Nullable String jdbcUrl;
    private Properties properties = new Properties();
    private @Nullable Codec codec;
    private int jobs = Math.min(4, Runtime.getRuntime().availableProcessors());
    private long partSize = 256L << 20;
    private Duration waitForWal = Duration.ofMinutes(1);
    private Duration lease = Duration.ofMinutes(5);
    private Optional<String> id = Optional.empty();
    private ProgressListener progress = ProgressListener.NONE;

    BaseBackupBuilder(Repository repository) {
        this.repository = Objects.requireNonNull(repository, "repository");
    }

    /**
     * Sets the server, a primary or a standby. Required.
     *
     * @param url a JDBC URL of PostgreSQL that names a database; the role needs REPLICATION and may connect to it
     * @param driverProperties the driver's properties, such as {@code user} and {@code password}; copied
     * @return this
     */
    public BaseBackupBuilder server(String url, Properties driverProperties) {
        once("server");
        jdbcUrl = Objects.requireNonNull(url, "url");
        properties = new Properties();
        // Defaults of the given Properties count too: stringPropertyNames sees them, putAll does not.
        driverProperties.stringPropertyNames().forEach(k -> properties.put(k, driverProperties.getProperty(k)));
        driverProperties.forEach(properties::putIfAbsent);
        return this;
    }

    /**
     * Sets the label that the server writes into {@code backup_label}. Default {@code pitr base backup}.
     *
     * @param text one line of 1 to 1024 bytes of UTF-8
     * @return this
     */
    public BaseBackupBuilder label(String text) {
        once("label");
        asked.label(text);
        return this;
    }

    /**
     * Sets how the first checkpoint is reached. Default {@link CheckpointPace#FAST}.
     *
     * @param how at once or spread
     * @return this
     */
    public BaseBackupBuilder checkpoint(CheckpointPace how) {
        once("checkpoint");
        asked.checkpoint(how);
        return this;
    }

    /**
     * Limits the rate at which the server sends. Default: no limit.
     *
     * @param bytesPerSecond 32 KiB to 1 GiB, PostgreSQL's bounds of {@code MAX_RATE}; rounded down to whole KiB
     * @return this
     */
    public BaseBackupBuilder maxRate(long bytesPerSecond) {
        once("maxRate");
        check(bytesPerSecond >= MIN_RATE && bytesPerSecond <= MAX_RATE, "maxRate", "32 KiB to 1 GiB", bytesPerSecond);
        asked.maxRateKibibytesPerSecond((int) (bytesPerSecond >> 10));
        return this;
    }

    /**
     * Sets the compression. Default {@link Codec#zstd()}.
     *
     * @param compression how parts are compressed
     * @return this
     */
    public BaseBackupBuilder codec(Codec compression) {
        once("codec");
        codec = Objects.requireNonNull(compression, "compression");
        return this;
    }

    /**
     * Sets how many threads compress. Default: the processors of this machine, at most 4.
     *
     * @param threads 1 to 64
     * @return this
     */
    public BaseBackupBuilder jobs(int threads) {
        once("jobs");
        check(threads >= 1 && threads <= 64, "jobs", "1 to 64", threads);
        jobs = threads;
        return this;
    }

    /**
     * Sets after how many bytes a part ends, counted before compression, at the next boundary between two files: a part
     * is longer by what its last file is longer. Default 256 MiB.
     *
     * @param rawBytes 1 MiB to 1 GiB
     * @return this
     */
    public BaseBackupBuilder partSize(long rawBytes) {
        once("partSize");
        check(rawBytes >= MIN_PART && rawBytes <= MAX_PART, "partSize", "1 MiB to 1 GiB", rawBytes);
        partSize = rawBytes;
        return this;
    }

    /**
     * Makes the backup carry the WAL from its start to its stop position, so that it can be restored without any
     * archive. Default: it does not, and the archive is looked at instead. The server must still have the WAL when the
     * files have been sent: raise {@code wal_keep_size} if it recycles that soon.
     *
     * @return this
     */
    public BaseBackupBuilder carryWal() {
        once("carryWal");
        asked.includeWal();
        return this;
    }

    /**
     * Sets how long to wait for the required WAL to be in the repository. Default one minute. What is missing then is
     * told by the result; the backup is kept, since the WAL may still come.
     *
     * @param duration zero looks once
     * @return this
     */
    public BaseBackupBuilder waitForWal(Duration duration) {
        once("waitForWal");
        check(!duration.isNegative(), "waitForWal", "zero or more", duration);
        waitForWal = duration;
        return this;
    }

    /**
     * Sets the checksum of files in PostgreSQL's manifest. Default {@link ManifestChecksum#CRC32C}.
     *
     * @param algorithm one that every server from 13 on knows
     * @return this
     */
    public BaseBackupBuilder manifestChecksum(ManifestChecksum algorithm) {
        once("manifestChecksum");
        asked.manifestChecksum(algorithm);
        return this;
    }

    /**
     * Backs up data pages whatever their checksums say, so that what is left of a damaged cluster can be kept. Default:
     * the server verifies them where the cluster has them, and a wrong one fails the backup.
     *
     * @return this
     */
    public BaseBackupBuilder skipPageChecksums() {
        once("skipPageChecksums");
        asked.skipPageChecksums();
        return this;
    }

    /**
     * Sets the lease by which the running backup protects what it has written from clean-up. Default five minutes; it
     * is renewed when a third of it is over.
     *
     * @param duration three seconds or more
     * @return this
     */
    public BaseBackupBuilder lease(Duration duration) {
        once("lease");
        check(duration.compareTo(Duration.ofSeconds(3)) >= 0, "lease", "three seconds or more", duration);
        lease = duration;
        return this;
    }

    /**
     * Sets the identifier. Default: the time in UTC and four random digits, {@code 20261120T142642Z-4f1c}.
     *
     * @param text 1 to 64 of {@code [A-Za-z0-9_-]}; an identifier that the repository holds already is refused by the run
     * @return this
     */
    public BaseBackupBuilder id(String text) {
        once("id");
        check(ID.matcher(text).matches(), "id", "1 to 64 of [A-Za-z0-9_-]", text);
        id = Optional.of(text);
        return this;
    }

    /**
     * Sets who hears of the progress. Default nobody.
     *
     * @param listener called from the job's threads, one call at a time
     * @return this
     */
    public BaseBackupBuilder progress(ProgressListener listener) {
        once("progress");
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Ends the description. Nothing is connected or written yet.
     *
     * @return the job
     * @throws IllegalStateException if no server was set
     * @throws IllegalArgumentException if a value is out of its range; the message names it
     */
    public BaseBackup build() {
        String url = jdbcUrl;
        if (url == null) {
            throw new IllegalStateException("Cannot describe a backup without a server: call server(url, properties)");
        }
        return new BaseBackup(new BackupOptions(
                repository,
                url,
                properties,
                asked.build(),
                codec == null ? Codec.zstd() : codec,
                jobs,
                partSize,
                waitForWal,
                lease,
                id,
                progress));
    }

    private void once(String option) {
        if (!set.add(option)) {
            throw new IllegalStateException(option + " is set twice");
        }
    }

    private static void check(boolean holds, String option, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(option + " is " + value + ": expected " + expected);
        }
    }
}
