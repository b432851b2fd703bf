package dev.pitr.repository;

import dev.pitr.storage.ObjectStorage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What all parts of a repository share. */
record RepositorySettings(
        ObjectStorage storage,
        Clock clock,
        Supplier<RandomGenerator> random,
        int walCompressionLevel,
        Path temporaryFolder,
        boolean unsafeStorageAllowed) {
    /** Asked before each job that counts on one winner: a repository may have been moved to another storage. */
    void requireSafeStorage(String job) {
        if (!unsafeStorageAllowed && !storage.enforcesCreateIfAbsent()) {
            throw new RepositoryException(
                    "repository.unsafe-storage",
                    "Cannot " + job + ": the storage doesn't enforce create-if-absent, so two writers could silently"
                            + " replace each other's WAL. Use another storage, or allow this one explicitly if there is"
                            + " certainly only one writer.",
                    null);
        }
    }
}
