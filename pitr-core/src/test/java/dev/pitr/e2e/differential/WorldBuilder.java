package dev.pitr.e2e.differential;

import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import dev.pitr.catalog.Backup;
import dev.pitr.postgres.CheckpointPace;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Lets a cluster live, be backed up, be restored and promoted, and live on, as a seed says. */
final class WorldBuilder {
    private static final Map<String, String> SETTINGS = Map.of(
            "archive_mode", "on",
            "archive_command", "",
            "wal_keep_size", "4GB",
            "max_wal_size", "4GB",
            "max_prepared_transactions", "50",
            "autovacuum", "off");

    private final World world;
    private final Random random;
    private final int steps;

    WorldBuilder(World world, long seed, int steps) {
        this.world = world;
        this.random = new Random(seed);
        this.steps = steps;
    }

    /** Builds a cluster's past with so many timelines. */
    void build(int timelines) throws Exception {
        first();
        for (int i = 1; i < timelines; i++) {
            fork();
        }
    }

    private void first() throws Exception {
        PostgresServer.Builder builder = PostgresServer.create(
                        world.version(), world.folder().resolve("original").resolve("data"))
                .walSegmentMebibytes(1)
                .setting("wal_level", random.nextInt(3) == 0 ? "logical" : "replica");
        SETTINGS.forEach(builder::setting);
        try (PostgresServer server = builder.start()) {
            ClusterLife.prepare(server);
            world.bornAt(Lsn.parse(server.queryOne("select pg_current_wal_insert_lsn()")));
            world.pitr().init(server.jdbcUrl(), server.superuser());
            ClockBender clock = new ClockBender(new Random(random.nextLong()), Lsn.ZERO);
            live(server, TimelineId.FIRST, clock, 2);
        }
    }

    private void live(PostgresServer server, TimelineId timeline, ClockBender clock, int backups) throws Exception {
        try (ClusterLife life = new ClusterLife(server, timeline, world.rows(), new Random(random.nextLong()))) {
            for (int i = 0; i < backups; i++) {
                life.steps(steps);
                backUp(server, life);
                archive(server, clock);
            }
            life.steps(steps);
            end(server, life);
            archive(server, clock);
            life.steps(steps / 4);
            archivePartial(server);
        }
        world.catalogue().backups().forEach(world::prepareFor);
    }

    /** Some clusters die with open transactions, some end idle, some idly with a restore point. */
    private void end(PostgresServer server, ClusterLife life) throws Exception {
        if (random.nextBoolean()) {
            life.settle();
            if (random.nextBoolean()) {
                life.restorePoint();
            }
            server.execute("checkpoint");
        }
        life.switchSegment();
    }

    /** Half of the backups see no transaction end while they run. */
    private void backUp(PostgresServer server, ClusterLife life) throws Exception {
        if (random.nextBoolean()) {
            if (random.nextBoolean()) {
                life.settle();
            }
            runBackup(server);
            return;
        }
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> backup = thread.submit(() -> runBackup(server));
            while (!backup.isDone()) {
                life.step();
            }
            backup.get();
        } finally {
            thread.shutdown();
        }
    }

    private void runBackup(PostgresServer server) {
        world.pitr()
                .backup(server.jdbcUrl(), server.superuser())
                .checkpoint(CheckpointPace.FAST)
                .waitForWal(Duration.ZERO)
                .build()
                .run();
    }

    /** Bends the clock in what is finished, and archives it twice: with pitr, and as plain files. */
    private void archive(PostgresServer server, ClockBender clock) throws IOException {
        server.execute("select pg_switch_wal()");
        Path wal = server.dataDirectory().resolve("pg_wal");
        for (String name : status(wal, ".ready")) {
            WalFileName.find(name, World.SEGMENT)
                    .filter(WalFileName.Segment.class::isInstance)
                    .ifPresent(file -> clock.bend(wal.resolve(name), ((WalFileName.Segment) file).segment()));
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
        world.forgetRecords();
    }

    /** Archives the segment that the server still writes to, as a promoted server does with its parent's last one. */
    private void archivePartial(PostgresServer server) throws IOException {
        String name = server.queryOne("select pg_walfile_name(pg_current_wal_insert_lsn())");
        Path partial = Files.copy(
                server.dataDirectory().resolve("pg_wal").resolve(name),
                world.folder().resolve(name + ".partial"));
        world.pitr().archiver().build().archive(partial);
        world.wal().add(partial);
        Files.delete(partial);
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

    /** Restores some backup to some record, promotes, and lets the new timeline live. */
    private void fork() throws Exception {
        List<TimelineId> timelines = world.timelines();
        TimelineId target = timelines.get(random.nextInt(timelines.size()));
        List<Backup> backups = world.backupsOn(target);
        Backup backup = backups.get(random.nextInt(backups.size()));
        boolean asStandby = random.nextInt(3) == 0;
        try (Recovery recovery = asStandby ? promotedStandby(backup, target) : promotedAt(backup, target)) {
            ClockBender clock = new ClockBender(new Random(random.nextLong()), recovery.switchPoint());
            live(recovery.server(), recovery.newTimeline(), clock, random.nextInt(2));
        }
    }

    private Recovery promotedAt(Backup backup, TimelineId timeline) {
        List<PlainRecord> reachable = world.records(backup, timeline).stream()
                .filter(found -> !found.start().isBefore(backup.stopLsn()))
                .toList();
        List<PlainRecord> beforeTheFork = reachable.stream()
                .filter(found -> !found.owner().equals(timeline))
                .toList();
        // A target on an ancestor makes a history whose switch points go down.
        List<PlainRecord> records = !beforeTheFork.isEmpty() && random.nextBoolean() ? beforeTheFork : reachable;
        PlainRecord stop = records.get(random.nextInt(records.size()));
        Recovery recovery = Recovery.start(
                world,
                backup,
                Map.of(
                        "recovery_target_lsn",
                        stop.start().toString(),
                        "recovery_target_inclusive",
                        random.nextBoolean() ? "on" : "off",
                        "recovery_target_timeline",
                        timeline.toString(),
                        "recovery_target_action",
                        "promote",
                        "archive_mode",
                        "on"));
        recovery.server().awaitPromoted();
        return recovery;
    }

    private Recovery promotedStandby(Backup backup, TimelineId timeline) {
        Recovery recovery = Recovery.startStandby(
                world, backup, Map.of("recovery_target_timeline", timeline.toString(), "archive_mode", "on"));
        recovery.server().awaitReady();
        recovery.server().execute("select pg_promote()");
        recovery.server().awaitPromoted();
        return recovery;
    }
}
