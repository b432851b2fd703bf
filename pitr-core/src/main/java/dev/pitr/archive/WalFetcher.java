package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one WAL file into a path. This is what a {@code restore_command} calls.
 *
 * <p>The bytes go to a temporary file beside the target and appear there by an atomic rename, after size and hash were
 * verified as far as the source can. What failed leaves the target as it was. Safe for use by many threads.
 */
public final class WalFetcher {
    private final WalSource source;
    private final AtomicFile file;

    WalFetcher(WalSource source, AtomicFile file) {
        this.source = source;
        this.file = file;
    }

    /**
     * Makes a fetcher. The files that it writes are not forced to disk, since a server that crashes while it recovers
     * asks for them again.
     *
     * @param source where WAL is read from
     * @return the fetcher
     */
    public static WalFetcher from(WalSource source) {
        return new WalFetcher(source, AtomicFile.UNFORCED);
    }

    /**
     * Fetches one file.
     *
     * @param name which
     * @param target the file to write, replaced if it exists
     * @return whether it was there
     * @throws dev.pitr.storage.StorageException if storage can't tell, or holds damaged bytes
     * @throws PitrException with code {@code archive.fetch} if the target can't be written, or a segment has a wrong size
     * @throws CancelledException if the thread was interrupted
     */
    public FetchOutcome fetch(WalFileName name, Path target) {
        Optional<InputStream> opened = source.open(name);
        if (opened.isEmpty()) {
            return FetchOutcome.ABSENT;
        }
        try (InputStream in = opened.get()) {
            file.write(in, target, size -> requireSize(name, size));
            return FetchOutcome.FETCHED;
        } catch (IOException e) {
            throw failed(name, target, e);
        } catch (UncheckedIOException e) {
            throw failed(name, target, e.getCause());
        }
    }

    private void requireSize(WalFileName name, long size) {
        if (name instanceof WalFileName.Segment s && size != s.segment().size().bytes()) {
            throw new PitrException(
                    "archive.fetch",
                    "Cannot fetch " + name.name() + " from " + source.description() + ": it has " + size
                            + " bytes, a segment has " + s.segment().size().bytes());
        }
    }

    private PitrException failed(WalFileName name, Path target, @Nullable IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new CancelledException("Fetching of " + name.name());
        }
        return new PitrException(
                "archive.fetch",
                "Cannot fetch " + name.name() + " from " + source.description() + " into " + target + ": " + e,
                e);
    }
}
