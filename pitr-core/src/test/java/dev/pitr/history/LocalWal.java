package dev.pitr.history;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.InMemoryWalIndex;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.SegmentScan;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The finished segments in a server's pg_wal as if they were archived, with a count of those that are read. */
final class LocalWal {
    private final Catalogue catalogue;
    private final WalIndex index;
    private final List<WalSegment> opened = new ArrayList<>();

    private LocalWal(PostgresServer server) throws IOException {
        WalSegmentSize size = new WalSegmentSize(
                Integer.parseInt(server.queryOne("select setting from pg_settings where name = 'wal_segment_size'")));
        ClusterIdentity identity = new ClusterIdentity(
                Long.parseUnsignedLong(server.queryOne("select system_identifier from pg_control_system()")),
                server.version(),
                size);
        server.execute("select pg_create_restore_point('the end')");
        WalSegment last = WalSegment.parse(server.queryOne("select pg_walfile_name(pg_switch_wal())"), size);
        Path folder = server.dataDirectory().resolve("pg_wal");
        WalCoverage.Builder coverage = WalCoverage.builder();
        InMemoryWalIndex.Builder summaries = InMemoryWalIndex.builder().bytes(segment -> open(folder, segment));
        for (WalSegment segment : segments(folder, last)) {
            coverage.add(segment, size.bytes());
            byte[] bytes = Files.readAllBytes(folder.resolve(segment.name()));
            summaries.add(SegmentScan.of(segment, server.version())
                    .feed(bytes, 0, bytes.length)
                    .finish());
        }
        catalogue = Catalogue.builder(identity).wal(coverage.build()).build();
        index = summaries.build();
    }

    static LocalWal of(PostgresServer server) throws IOException {
        return new LocalWal(server);
    }

    private static List<WalSegment> segments(Path folder, WalSegment last) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{24}"))
                    .map(name -> WalSegment.parse(name, last.size()))
                    .filter(segment -> segment.compareTo(last) <= 0)
                    .sorted()
                    .toList();
        }
    }

    private InputStream open(Path folder, WalSegment segment) {
        opened.add(segment);
        try {
            return new FilterInputStream(Files.newInputStream(folder.resolve(segment.name()))) {};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HistoryBuilder history() {
        return History.of(catalogue, index);
    }

    long segmentCount() {
        return catalogue.wal().segmentCount();
    }

    /** The segments read since this was asked last. */
    List<WalSegment> opened() {
        List<WalSegment> result = List.copyOf(opened);
        opened.clear();
        return result;
    }
}
