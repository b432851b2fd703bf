package dev.pitr.e2e.differential;

import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import dev.pitr.catalog.Backup;
import dev.pitr.postgres.CheckpointPace;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Archives what servers have finished twice, with pitr and as plain files, and backs servers up. */
final class Archiving {
    /** For servers that leave archiving to us and keep what they have written. */
    static final Map<String, String> SETTINGS = Map.of(
            "archive_mode", "on",
            "archive_command", "",
            "wal_keep_size", "4GB",
            "max_wal_size", "4GB",
            "max_prepared_transactions", "50",
            "autovacuum", "off");

    private final World world;

    Archiving(World world) {
        this.world = world;
    }

    /** Ends the segment that the server writes to, and archives all that are finished. */
    void run(PostgresServer server) throws IOException {
        run(server, (file, segment) -> {});
    }

    /** Does so, and lets somebody change the segments before. */
    void run(PostgresServer server, SegmentEditor editor) throws IOException {
        server.execute("select pg_switch_wal()");
        Path wal = server.dataDirectory().resolve("pg_wal");
        for (String name : status(wal, ".ready")) {
            if (WalFileName.find(name, World.SEGMENT).orElseThrow() instanceof WalFileName.Segment file) {
                editor.edit(wal.resolve(name), file.segment());
            }
        }
        ArchiveReport report = WalArchiver.builder(world.pitr().repository().current())
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .build()
                .archiveReady(wal);
        if (!report.failures().isEmpty()) {
            throw new IllegalStateException(report.toString());
        }
        for (String name : status(wal, ".done")) {
            if (!world.wal().holds(name)) {
                world.wal().add(wal.resolve(name));
            }
        }
        world.forget();
    }

    private static List<String> status(Path wal, String ending) throws IOException {
        try (Stream<Path> files = Files.list(wal.resolve("archive_status"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }

    /** Its WAL needn't be archived before the next {@link #run}. */
    Backup backUp(PostgresServer server) {
        return world.pitr()
                .backup(server.jdbcUrl(), server.superuser())
                .checkpoint(CheckpointPace.FAST)
                .waitForWal(Duration.ZERO)
                .build()
                .run()
                .backup();
    }
}
