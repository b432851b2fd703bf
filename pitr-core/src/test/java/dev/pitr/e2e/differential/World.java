package dev.pitr.e2e.differential;

import dev.pitr.Pitr;
import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster has left behind: a repository, the same WAL as plain files, an unpacked copy of each backup, and the
 * clients' own log.
 */
final class World {
    static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);

    private final Path folder;
    private final PostgresVersion version;
    private final long seed;
    private final Pitr pitr;
    private final WalFolder wal;
    private final RowLog rows = new RowLog();
    private final Map<String, Path> bases = new HashMap<>();
    private final Map<String, List<PlainRecord>> records = new HashMap<>();
    private final Map<String, SortedSet<Long>> earlierRows = new HashMap<>();
    private @Nullable Catalogue catalogue;
    private Lsn birth = Lsn.ZERO;

    World(Path folder, PostgresVersion version, long seed) {
        try {
            this.folder = Files.createDirectories(folder);
            this.wal = new WalFolder(Files.createDirectory(folder.resolve("wal")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.version = version;
        this.seed = seed;
        this.pitr = Pitr.at(FileSystemStorage.create(folder.resolve("repository")), "service");
    }

    Path folder() {
        return folder;
    }

    PostgresVersion version() {
        return version;
    }

    Pitr pitr() {
        return pitr;
    }

    /** What the repository holds; read anew when something was archived, hidden or shown. */
    Catalogue catalogue() {
        if (catalogue == null) {
            catalogue = pitr.catalogue();
        }
        return catalogue;
    }

    /** What is inside the archived WAL, as the repository tells. */
    WalIndex index() {
        return pitr.repository().current().index();
    }

    WalFolder wal() {
        return wal;
    }

    RowLog rows() {
        return rows;
    }

    /** Tells where the first record lies that a client can have written. */
    void bornAt(Lsn start) {
        birth = start;
    }

    /** The rows that a server must show which was restored from a backup and has replayed these records. */
    SortedSet<Long> rowsAfter(Backup backup, List<PlainRecord> replayed) {
        SortedSet<Long> result = new TreeSet<>(earlierRows.computeIfAbsent(backup.id(), id -> earlierRows(backup)));
        result.addAll(rows.after(replayed));
        return result;
    }

    private SortedSet<Long> earlierRows(Backup backup) {
        WalPath path = new WalPath(wal, wal.history(backup.startTimeline()).orElseThrow());
        return rows.after(path.records(birth).stream()
                .filter(found -> found.start().isBefore(backup.startLsn()))
                .toList());
    }

    /** The timelines whose history is known, in order. */
    List<TimelineId> timelines() {
        return Stream.concat(Stream.of(TimelineId.FIRST), catalogue().histories().keySet().stream())
                .sorted()
                .toList();
    }

    /** All archived segments. */
    List<WalSegment> segments() {
        WalCoverage coverage = catalogue().wal();
        return coverage.timelines().stream()
                .flatMap(timeline -> coverage.runs(timeline).stream())
                .flatMap(run ->
                        Stream.iterate(run.first(), segment -> segment.compareTo(run.last()) <= 0, WalSegment::next))
                .toList();
    }

    /** The backups from which a server follows a timeline. */
    List<Backup> backupsOn(TimelineId timeline) {
        return wal.history(timeline).stream()
                .flatMap(history -> catalogue().backups().stream()
                        .filter(b -> history.timelineAt(b.checkpointLsn()).equals(b.startTimeline()))
                        .filter(b -> history.timelineAt(b.stopLsn().plus(-1)).equals(b.stopTimeline())))
                .toList();
    }

    /** The records from a backup's start on, along a timeline, as far as they can be read. */
    List<PlainRecord> records(Backup backup, TimelineId timeline) {
        return records.computeIfAbsent(
                backup.id() + " " + timeline,
                key -> new WalPath(wal, wal.history(timeline).orElseThrow()).records(backup.startLsn()));
    }

    /** Takes one archived file away, from the repository and from the plain files. */
    void hide(String walFile) {
        move(stored(walFile + ".zst"), walFile + ".hidden");
        wal.hide(walFile);
        forget();
    }

    /** Puts it back. */
    void show(String walFile) {
        move(stored(walFile + ".hidden"), walFile + ".zst");
        wal.show(walFile);
        forget();
    }

    /** What was archived since then is read anew. */
    void forget() {
        records.clear();
        catalogue = null;
    }

    private Path stored(String name) {
        try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, String to) {
        try {
            Files.move(from, from.resolveSibling(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what will be asked of a backup while all WAL is there. */
    void prepareFor(Backup backup) {
        base(backup);
        rowsAfter(backup, List.of());
    }

    /** A data directory that nobody has started, to be copied. */
    Path base(Backup backup) {
        return bases.computeIfAbsent(backup.id(), id -> unpack(backup));
    }

    private Path unpack(Backup backup) {
        RestorePlan plan = pitr.plan(RecoveryTarget.immediate())
                .backup(backup.id())
                .timeline(TimelineTarget.number(backup.stopTimeline()))
                .action(TargetAction.PROMOTE)
                .build();
        Path data = folder.resolve("base-" + backup.id()).resolve("data");
        pitr.restore(plan, data).wal(new WalDelivery.Staged()).build().execute().close();
        try {
            // The settings of each recovery are given on the command line.
            Files.writeString(data.resolve("postgresql.auto.conf"), "");
            Files.deleteIfExists(data.resolve("recovery.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return data;
    }

    @Override
    public String toString() {
        return "the cluster of seed " + seed;
    }
}
