package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentScan;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Archived WAL files of one incarnation, each in a zstd container: a skippable frame with a header, then the data. Never
 * replaces a file. Thread-safe.
 */
public final class WalStore {
    /** Enough for a header with a summary of common size, so that one ranged read does. */
    private static final int FIRST_READ_BYTES = 16 << 10;

    /** Compressed segments of common sizes stay in memory; a segment of 1 GiB goes through a temporary file. */
    private static final int MAX_MEMORY_BYTES = 32 << 20;

    private final RepositorySettings settings;
    private final ObjectKey incarnation;
    private final ClusterIdentity identity;

    WalStore(RepositorySettings settings, ObjectKey incarnation, ClusterIdentity identity) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.identity = identity;
    }

    /**
     * What {@link #create} stored.
     *
     * @param header what the container tells of the file
     * @param storedSizeBytes the container's size
     */
    public record Stored(WalHeader header, long storedSizeBytes) {}

    /**
     * Stores a WAL file, durable on return. Compresses first: in memory up to 32 MiB of compressed bytes, beyond that
     * in a temporary file.
     *
     * @param file the file's name
     * @param raw its bytes, which are not checked against the name: that is the archiver's part
     * @return what was stored
     * @throws RepositoryException repository.unsafe-storage if the storage doesn't enforce create-if-absent and that
     *     wasn't allowed
     * @throws dev.pitr.storage.ObjectExistsException if the name is taken; the caller compares headers
     * @throws dev.pitr.storage.UnknownOutcomeException if it can't be known whether it was stored; likewise
     */
    public Stored create(WalFileName file, Content raw) {
        return create(file, raw, header -> {});
    }

    /**
     * Stores a WAL file as {@link #create(WalFileName, Content)} does, if what was learnt from its bytes is approved.
     *
     * @param file the file's name
     * @param raw its bytes, read once
     * @param approval called before anything is stored; what it throws passes through
     * @return what was stored
     */
    public Stored create(WalFileName file, Content raw, Consumer<WalHeader> approval) {
        settings.requireSafeStorage("store " + file.name());
        ObjectKey key = RepositoryLayout.walFile(incarnation, file);
        try (SpillBuffer data = new SpillBuffer(MAX_MEMORY_BYTES, settings.temporaryFolder())) {
            WalHeader header =
                    WalHeader.of(file, WalCompressor.compress(raw, data, settings.walCompressionLevel(), scan(file)));
            approval.accept(header);
            Content container = data.contentAfter(WalContainer.frame(header.toJson(identity)));
            settings.storage().createIfAbsent(key, container);
            return new Stored(header, container.sizeBytes());
        } catch (IOException e) {
            throw new StorageException(
                    "storage.content-unreadable",
                    "Cannot archive " + file.name() + ": " + e
                            + ". Check the file, and the free space of the temporary folder "
                            + settings.temporaryFolder() + ".",
                    e);
        }
    }

    private @Nullable SegmentScan scan(WalFileName file) {
        if (file instanceof WalFileName.Segment whole) {
            return SegmentScan.of(whole.segment(), identity.version());
        }
        return file instanceof WalFileName.Partial part ? SegmentScan.of(part.segment(), identity.version()) : null;
    }

    /**
     * Reads what the container tells of a file, by one ranged read of 16 KiB, or two if the header is longer.
     *
     * @param file the file's name
     * @return the header; empty if the file isn't stored
     * @throws RepositoryException repository.corrupt, or repository.unsupported-format or -feature
     */
    public Optional<WalHeader> header(WalFileName file) {
        ObjectKey key = RepositoryLayout.walFile(incarnation, file);
        try {
            byte[] start = read(key, 0, FIRST_READ_BYTES);
            int end = WalContainer.FRAME_HEAD_BYTES + WalContainer.headerLength(where(key), start);
            byte[] whole = end <= start.length ? start : longer(key, start, end);
            if (whole.length < end) {
                throw RepositoryException.corrupt(where(key), "it ends inside its header");
            }
            return Optional.of(
                    WalHeader.fromJson(where(key), Arrays.copyOfRange(whole, WalContainer.FRAME_HEAD_BYTES, end)));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    private byte[] longer(ObjectKey key, byte[] start, int end) {
        byte[] rest = read(key, start.length, end - start.length);
        byte[] whole = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, whole, start.length, rest.length);
        return whole;
    }

    private byte[] read(ObjectKey key, long offset, int length) {
        try (InputStream in = settings.storage().open(key, offset, length)) {
            return in.readNBytes(length);
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    /**
     * Opens the uncompressed bytes of a file. Nothing is proven before the stream has been read to its end: there it
     * throws a {@link dev.pitr.storage.StorageCorruptException} or a {@link RepositoryException} (repository.corrupt) if
     * a single byte of the container isn't what was stored.
     *
     * @param file the file's name
     * @return its bytes, to be closed by the caller
     * @throws ObjectNotFoundException if the file isn't stored
     */
    public InputStream open(WalFileName file) {
        ObjectKey key = RepositoryLayout.walFile(incarnation, file);
        InputStream in = settings.storage().open(key);
        try {
            WalHeader header = WalContainer.readHeader(where(key), in);
            if (!header.name().equals(file.name())) {
                throw RepositoryException.corrupt(where(key), "it holds " + header.name());
            }
            return WalContainer.open(where(key), header, in);
        } catch (IOException e) {
            Closing.after(e, in);
            throw unreadable(key, e);
        } catch (RuntimeException e) {
            Closing.after(e, in);
            throw e;
        }
    }

    /**
     * Lists all whole segments of all timelines.
     *
     * @return what is stored now
     */
    public WalCoverage coverage() {
        return WalListing.read(settings.storage(), incarnation, identity).coverage();
    }

    /** All whole segments, those of log ids with a complete page by the index instead of a listing. */
    WalCoverage indexedCoverage(IndexView view) {
        return WalListing.read(settings.storage(), incarnation, identity, view).coverage();
    }

    /**
     * Lists the whole segments of one timeline in a range: the proof that a path exists.
     *
     * @param first the first segment
     * @param last the last segment, inclusive, of the same timeline
     * @return what is stored now between the two
     * @throws IllegalArgumentException if they are of two timelines or in the wrong order
     */
    public WalCoverage coverage(WalSegment first, WalSegment last) {
        WalCoverage.Run range = new WalCoverage.Run(first, last);
        WalCoverage.Builder found = WalCoverage.builder();
        String end = RepositoryLayout.segment(incarnation, range.last()).value();
        int walFolderLength = RepositoryLayout.wal(incarnation).length();
        try (Stream<ObjectInfo> objects = settings.storage()
                .list(
                        RepositoryLayout.timeline(incarnation, first.timeline()),
                        RepositoryLayout.segment(incarnation, first).value())) {
            objects.takeWhile(object -> object.key().value().compareTo(end) <= 0)
                    .forEach(object -> RepositoryLayout.walFile(
                                    object.key().value(), walFolderLength, identity.segmentSize())
                            .filter(WalFileName.Segment.class::isInstance)
                            .map(file -> ((WalFileName.Segment) file).segment())
                            .ifPresent(segment -> found.add(segment, object.sizeBytes())));
        }
        return found.build();
    }

    private String where(ObjectKey key) {
        return key + " in " + settings.storage().description();
    }

    private StorageException unreadable(ObjectKey key, IOException cause) {
        return new StorageException("storage.failed", "Cannot read " + where(key) + ": " + cause + ".", cause);
    }
}
