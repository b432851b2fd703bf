package dev.pitr.repository;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sets up a {@link Repository}. An option that is set twice fails. Used by one thread. */
public final class RepositoryBuilder {
    private static final int DEFAULT_WAL_LEVEL = 3;
    private static final int MAX_WAL_LEVEL = 19;

    private final ObjectStorage storage;
    private final String name;
    private @Nullable Clock clock;
    private @Nullable RandomGenerator random;
    private @Nullable Integer walCompressionLevel;
    private @Nullable Path temporaryFolder;
    private boolean unsafeStorageAllowed;

    RepositoryBuilder(ObjectStorage storage, String name) {
        this.storage = storage;
        this.name = name;
    }

    /**
     * Sets the clock that leases and names are told by. Default: the system's.
     *
     * @param value the clock
     * @return this
     */
    public RepositoryBuilder clock(Clock value) {
        clock = once(clock, value, "clock");
        return this;
    }

    /**
     * Sets where the random part of backup identifiers comes from. Default: the platform's secure random numbers.
     *
     * @param value safe for use by many threads if the repository is used by many
     * @return this
     */
    public RepositoryBuilder random(RandomGenerator value) {
        random = once(random, value, "random");
        return this;
    }

    /**
     * Sets the zstd level of archived WAL. It changes neither the names nor what can be read. Default: 3.
     *
     * @param value 1 to 19
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public RepositoryBuilder walCompressionLevel(int value) {
        if (value < 1 || value > MAX_WAL_LEVEL) {
            throw new IllegalArgumentException(
                    "zstd level " + value + " is out of range: expected 1 to " + MAX_WAL_LEVEL);
        }
        walCompressionLevel = once(walCompressionLevel, value, "walCompressionLevel");
        return this;
    }

    /**
     * Sets where WAL files that compress to more than 32 MiB are laid while they are stored. Default: the system's
     * temporary folder.
     *
     * @param value an existing folder with room for some segments
     * @return this
     */
    public RepositoryBuilder temporaryFolder(Path value) {
        temporaryFolder = once(temporaryFolder, value, "temporaryFolder");
        return this;
    }

    /**
     * Lets {@link Repository#init} and {@link Repository#addIncarnation} go on where the storage can't create an
     * object only if it is absent. Two writers can then silently replace each other's WAL: allow it only where there is
     * certainly one.
     *
     * @return this
     */
    public RepositoryBuilder allowUnsafeStorage() {
        unsafeStorageAllowed = true;
        return this;
    }

    /**
     * Builds the repository's handle. Nothing is read or written yet.
     *
     * @return the repository
     * @throws IllegalArgumentException if the name is no component of a key
     */
    public Repository build() {
        ObjectKey root = new ObjectKey(name);
        if (name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("Invalid repository name \"" + name + "\": it contains a slash");
        }
        RandomGenerator given = random;
        Supplier<RandomGenerator> randoms = given == null ? SecureRandom::new : () -> given;
        return new Repository(
                new RepositorySettings(
                        storage,
                        clock == null ? Clock.systemUTC() : clock,
                        randoms,
                        walCompressionLevel == null ? DEFAULT_WAL_LEVEL : walCompressionLevel,
                        temporaryFolder == null ? Path.of(System.getProperty("java.io.tmpdir")) : temporaryFolder,
                        unsafeStorageAllowed),
                root);
    }

    private static <T> T once(@Nullable T present, T value, String option) {
        if (present != null) {
            throw new IllegalStateException(option + " is set twice");
        }
        return value;
    }
}
