package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.progress.ProgressListener;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets a cluster live, be backed up, be restored and promoted, and live on, as a seed says. */
final class WorldBuilder {
    private final World world;
    private final Archiving archiving;
    private final Random random;
    private final int steps;

    WorldBuilder(World world, long seed, int steps) {
        this.world = world;
        this.archiving = new Archiving(world);
        this.random = new Random(seed);
        this.steps = steps;
    }

    /** Builds a cluster's past with so many timelines. */
    void build(int timelines) throws Exception {
        first();
        for (int i = 1; i < timelines; i++) {
            fork();
        }
        if (random.nextBoolean()) {
            // The other half of the clusters has no pages: each segment tells of itself.
            world.pitr().repository().current().index().build(ProgressListener.NONE);
        }
    }

    private void first() throws Exception {
        PostgresServer.Builder builder = PostgresServer.create(
                        world.version(), world.folder().resolve("original").resolve("data"))
                .walSegmentMebibytes(1)
                .setting("wal_level", random.nextInt(3) == 0 ? "logical" : "replica");
        Archiving.SETTINGS.forEach(builder::setting);
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
                archiving.run(server, clock);
            }
            life.steps(steps);
            end(server, life);
            archiving.run(server, clock);
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
            archiving.backUp(server);
            return;
        }
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> backup = thread.submit(() -> archiving.backUp(server));
            while (!backup.isDone()) {
                life.step();
            }
            backup.get();
        } finally {
            thread.shutdown();
        }
    }

    /** Archives the segment that the server still writes to, as a promoted server does with its parent's last one. */
    private void archivePartial(PostgresServer server) throws IOException {
        String name = server.queryOne("select pg_walfile_name(pg_create_restore_point('partial'))");
        // Until it is flushed, there may be no file.
        server.execute("checkpoint");
        Path segment = server.dataDirectory().resolve("pg_wal").resolve(name);
        if (!Files.exists(segment)) {
            // The writers have ended it meanwhile, and the checkpoint has recycled it.
            return;
        }
        Path partial = Files.copy(segment, world.folder().resolve(name + ".partial"));
        world.pitr().archiver().build().archive(partial);
        world.wal().add(partial);
        Files.delete(partial);
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

    /**
     * Restores and promotes. Where a transaction is prepared in the first segment of a child, and the target lies in its
     * parent's part of it, the server stops there, but can't be promoted: to read the prepared transaction's record it
     * looks for the parent's file, while it was given the child's. Then another target is taken.
     */
    private Recovery promotedAt(Backup backup, TimelineId timeline) {
        while (true) {
            Recovery recovery = recovery(backup, timeline);
            try {
                recovery.server().awaitPromoted();
                return recovery;
            } catch (IllegalStateException e) {
                recovery.close();
                if (!e.getMessage().contains("has already been removed")) {
                    throw e;
                }
            }
        }
    }

    private Recovery recovery(Backup backup, TimelineId timeline) {
        List<PlainRecord> reachable = world.records(backup, timeline).stream()
                .filter(found -> !found.start().isBefore(backup.stopLsn()))
                .toList();
        List<PlainRecord> beforeTheFork = reachable.stream()
                .filter(found -> !found.owner().equals(timeline))
                .toList();
        // A target on an ancestor makes a history whose switch points go down.
        List<PlainRecord> records = !beforeTheFork.isEmpty() && random.nextBoolean() ? beforeTheFork : reachable;
        PlainRecord stop = records.get(random.nextInt(records.size()));
        return Recovery.start(
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
    }

    /** If a snapshot overflowed, or a prepared transaction is lost, nobody can tell a standby to promote. */
    private Recovery promotedStandby(Backup backup, TimelineId timeline) {
        Recovery recovery = Recovery.startStandby(
                world, backup, Map.of("recovery_target_timeline", timeline.toString(), "archive_mode", "on"));
        try {
            recovery.server().awaitReady();
            recovery.server().execute("select pg_promote()");
            recovery.server().awaitPromoted();
            return recovery;
        } catch (IllegalStateException e) {
            recovery.close();
            return promotedAt(backup, timeline);
        }
    }
}
