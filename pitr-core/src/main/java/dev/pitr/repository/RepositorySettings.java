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
        boolean unsafeStorageAllowed) {}
