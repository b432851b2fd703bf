package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.storage.StorageFullException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One pass over the ready files of a {@code pg_wal}. */
final class ReadyRun {
    private static final String READY = ReadyNames.SUFFIX;
    private static final String DONE = ".done";

    private final WalArchiver archiver;
    private final ClusterIdentity identity;
    private final Path walDirectory;
    private final Path status;
    private final ReadyFiles readyFiles;
    private final Map<String, ArchiveReport.Archived> archived = new TreeMap<>(ReadyNames.ORDER);
    private final Map<String, ArchiveReport.Failure> failures = new TreeMap<>(ReadyNames.ORDER);
    private final Map<String, String> untried = new TreeMap<>(ReadyNames.ORDER);
    private volatile boolean storageFailed;

    ReadyRun(WalArchiver archiver, ClusterIdentity identity, Path walDirectory, ReadyFiles readyFiles) {
        this.archiver = archiver;
        this.identity = identity;
        this.walDirectory = walDirectory;
        this.status = ReadyNames.status(walDirectory);
        this.readyFiles = readyFiles;
    }

    ArchiveReport run(Parallel parallel) {
        Map<Boolean, List<String>> ready =
                ReadyNames.of(walDirectory).stream().collect(Collectors.partitioningBy(ReadyNames::isHistory));
        String job = "Archiving of " + walDirectory;
        parallel.forEach(ready.getOrDefault(true, List.of()), job, this::archive);
        parallel.forEach(ready.getOrDefault(false, List.of()), job, this::archive);
        return new ArchiveReport(
                new ArrayList<>(archived.values()),
                new ArrayList<>(failures.values()),
                new ArrayList<>(untried.keySet()));
    }

    private void archive(String name) {
        if (storageFailed) {
            put(untried, name, name);
            return;
        }
        try {
            ArchiveOutcome outcome = archiver.archive(walDirectory.resolve(name));
            tellServer(name);
            put(archived, name, new ArchiveReport.Archived(WalFileName.parse(name, identity.segmentSize()), outcome));
        } catch (CancelledException e) {
            throw e;
        } catch (PitrException e) {
            if (!isGone(name, e)) {
                storageFailed |= isOfStorage(e);
                put(failures, name, new ArchiveReport.Failure(name, e));
            }
        }
    }

    /** The server's own archiver can have been faster: then neither the file nor its mark is there any more. */
    private boolean isGone(String name, PitrException e) {
        return e.getCause() instanceof NoSuchFileException && !Files.exists(status.resolve(name + READY));
    }

    /** Whether the next file would meet the same. */
    private static boolean isOfStorage(PitrException e) {
        return e instanceof StorageUnavailableException
                || e instanceof StorageDeniedException
                || e instanceof StorageFullException
                || e instanceof UnknownOutcomeException;
    }

    // The rename needn't be durable: if a crash undoes it, the file is found archived the next time.
    private void tellServer(String name) {
        if (readyFiles != ReadyFiles.RENAME_TO_DONE) {
            return;
        }
        try {
            Files.move(status.resolve(name + READY), status.resolve(name + DONE), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another run was faster.
        } catch (IOException e) {
            throw new PitrException(
                    "archive.status",
                    "Cannot tell the server that " + name + " is archived, which it is: renaming of "
                            + status.resolve(name + READY) + " to " + DONE + " failed: " + e,
                    e);
        }
    }

    private static <V> void put(Map<String, V> map, String name, V value) {
        synchronized (map) {
            map.put(name, value);
        }
    }
}
