package dev.pitr.history;

import static dev.pitr.history.ChangeKind.DATABASE_DROP;
import static dev.pitr.history.ChangeKind.DROP;
import static dev.pitr.history.ChangeKind.INDEX_DROP;
import static dev.pitr.history.ChangeKind.MASS_DELETE;
import static dev.pitr.history.ChangeKind.MASS_UPDATE;
import static dev.pitr.history.ChangeKind.OTHER;
import static dev.pitr.history.ChangeKind.REBUILD;
import static dev.pitr.history.ChangeKind.RESTORE_POINT;
import static dev.pitr.history.ChangeKind.REWRITE;
import static dev.pitr.history.ChangeKind.ROWS;
import static dev.pitr.history.ChangeKind.TRUNCATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.RelationId;
import dev.pitr.wal.record.RowCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scripted history of a real server, whose own words are the truth: each deed is found, and as what it was. */
class HistoryIT {
    @TempDir
    Path folder;

    /** What a deed must be found as. */
    private record Expectation(String name, Set<ChangeKind> kinds, RowCounts rows) {}

    private final List<Expectation> expectations = new ArrayList<>();

    private void expect(String name, ChangeKind kind, long inserted, long updated, long deleted) {
        expectations.add(new Expectation(name, Set.of(kind), new RowCounts(inserted, updated, deleted)));
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void findsEachDeedAsWhatItWas(PostgresVersion version) throws Exception {
        try (PostgresServer server = server(version)) {
            Deeds deeds = new Deeds(server);
            changeRows(deeds, server);
            // A snapshot of what runs follows each checkpoint; without one, all before may be a transaction's
            // beginning.
            server.execute("checkpoint");
            replaceFiles(deeds, server);
            server.execute("checkpoint");
            dropThings(deeds, server);
            LocalWal wal = LocalWal.of(server);

            requireExpected(deeds, wal.history().build().newestFirst().toList());
            requireQueries(deeds, wal, version);
        }
    }

    private PostgresServer server(PostgresVersion version) {
        return PostgresServer.create(version, folder.resolve("data"))
                .walSegmentMebibytes(1)
                .setting("autovacuum", "off")
                .setting("wal_keep_size", "10GB")
                .setting("max_prepared_transactions", "4")
                .setting("track_commit_timestamp", "on")
                .start();
    }

    private void changeRows(Deeds deeds, PostgresServer server) throws Exception {
        String orders = "orders (id, note) select id, md5(id::text) from generate_series(1, 20000) id";
        deeds.commit("create", "create table orders (id int primary key, note text)");
        expect("create", OTHER, 0, 0, 0);
        deeds.commit("insert", "insert into " + orders);
        expect("insert", ROWS, 20_000, 0, 0);
        server.execute("create table copied (id int, note text)");
        String file = server.dataDirectory().resolve("copied.txt").toString();
        server.execute("copy (select id, note from orders where id <= 3000) to '" + file + "'");
        deeds.commit("copy", "copy copied from '" + file + "'");
        expect("copy", ROWS, 3000, 0, 0);
        deeds.rollBack("rolled back", "delete from orders where id <= 5000");
        deeds.prepare("prepared", "delete from copied where id <= 100");
        deeds.commit("mass delete", "delete from orders where id <= 15000");
        expect("mass delete", ROWS, 0, 0, 15_000);
        server.execute("commit prepared 'prepared'");
        expect("prepared", ROWS, 0, 0, 100);
        List<String> savepoints = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            savepoints.add("savepoint s" + i);
            savepoints.add("update orders set note = 'changed' where id between " + (15_001 + i * 100) + " and "
                    + (15_100 + i * 100));
        }
        savepoints.add("savepoint void");
        savepoints.add("delete from orders");
        savepoints.add("rollback to void");
        deeds.commit("savepoints", savepoints.toArray(String[]::new));
        expect("savepoints", ROWS, 0, 4000, 0);
        server.execute(
                "create table parts (id int, part int) partition by list (part)",
                "create table parts1 partition of parts for values in (1)",
                "create table parts2 partition of parts for values in (2)",
                "insert into parts select id, 1 from generate_series(1, 300) id");
        deeds.commit("partition move", "update parts set part = 2");
        expect("partition move", ROWS, 300, 0, 300);
        server.execute("select pg_create_restore_point('deploy')");
    }

    private void replaceFiles(Deeds deeds, PostgresServer server) throws Exception {
        for (String table : List.of("a", "b", "c", "d")) {
            server.execute("create table " + table + " (id int primary key, note text)");
            server.execute("insert into " + table + " select id, md5(id::text) from generate_series(1, 1000) id");
        }
        server.execute("create table plain (id int)", "insert into plain select generate_series(1, 1000)");
        deeds.commit("truncate", "truncate a");
        expect("truncate", TRUNCATE, 0, 0, 0);
        deeds.commit("truncate plain", "truncate plain");
        expect("truncate plain", TRUNCATE, 0, 0, 0);
        deeds.commit("truncate and fill", "truncate a", "insert into a select id, '' from generate_series(1, 50) id");
        expect("truncate and fill", TRUNCATE, 50, 0, 0);
        deeds.commit("alter type", "alter table b alter id type bigint");
        expect("alter type", REWRITE, 0, 0, 0);
        deeds.alone("vacuum full", "vacuum full b");
        expect("vacuum full", REWRITE, 0, 0, 0);
        deeds.commit("cluster", "cluster b using b_pkey");
        expect("cluster", REWRITE, 0, 0, 0);
        deeds.commit("create index", "create index on c (note)");
        expect("create index", OTHER, 0, 0, 0);
        deeds.commit("reindex", "reindex table c");
        expect("reindex", REBUILD, 0, 0, 0);
        server.execute("create sequence numbers");
        deeds.commit("restart sequence", "alter sequence numbers restart with 7");
        expect("restart sequence", REBUILD, 0, 0, 0);
        server.execute("create materialized view seen as select * from c");
        deeds.commit("refresh", "refresh materialized view seen");
        expect("refresh", REWRITE, 0, 0, 0);
    }

    private void dropThings(Deeds deeds, PostgresServer server) throws Exception {
        deeds.commit("drop index", "drop index c_note_idx");
        expect("drop index", INDEX_DROP, 0, 0, 0);
        deeds.commit("drop", "insert into orders values (0, 'last')", "drop table d");
        expect("drop", DROP, 1, 0, 0);
        deeds.commit("drop plain", "drop table plain");
        expect("drop plain", DROP, 0, 0, 0);
        server.execute("create table twice (id int)", "insert into twice values (1)");
        deeds.prepare("drop prepared", "drop table twice");
        server.execute("insert into orders values (-1, 'between')", "commit prepared 'drop prepared'");
        expect("drop prepared", DROP, 0, 0, 0);
        deeds.commit("drop and rewrite", "drop table c cascade", "alter table b alter id type numeric");
        server.execute("create database victim");
        deeds.alone("drop database", "drop database victim");
        expect("drop database", DATABASE_DROP, 0, 0, 0);
        server.execute("insert into orders values (-2, 'after')");
    }

    private void requireExpected(Deeds deeds, List<HistoryEntry> all) {
        SoftAssertions softly = new SoftAssertions();
        for (Expectation expected : expectations) {
            long xid = deeds.xid(expected.name()) & 0xFFFF_FFFFL;
            List<HistoryEntry> found =
                    all.stream().filter(entry -> entry.xid().orElse(0) == xid).toList();
            softly.assertThat(found).as(expected.name()).hasSize(1);
            if (found.size() == 1) {
                HistoryEntry entry = found.get(0);
                softly.assertThat(entry.kinds()).as(expected.name()).isEqualTo(expected.kinds());
                softly.assertThat(entry.time()).as(expected.name()).isEqualTo(deeds.time(expected.name()));
                softly.assertThat(entry.isComplete()).as(expected.name()).isTrue();
                softly.assertThat(entry.doubts()).as(expected.name()).isEmpty();
                softly.assertThat(sum(entry)).as(expected.name()).isEqualTo(expected.rows());
            }
        }
        softly.assertAll();
        assertThat(all.stream().map(HistoryEntry::start).toList()).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(all).noneMatch(entry -> entry.xid().orElse(0) == deeds.xid("rolled back"));
    }

    private static RowCounts sum(HistoryEntry entry) {
        return entry.changes().stream().map(ChangedRelation::rows).reduce(RowCounts.NONE, RowCounts::plus);
    }

    private static void requireQueries(Deeds deeds, LocalWal wal, PostgresVersion version) {
        wal.opened();
        assertThat(names(deeds, wal.history().only(DROP)))
                .containsExactly("drop and rewrite", "drop prepared", "drop plain", "drop");
        assertThat(wal.opened()).hasSizeLessThan((int) wal.segmentCount() / 2);
        assertThat(names(deeds, wal.history().only(TRUNCATE)))
                .containsExactly("truncate and fill", "truncate plain", "truncate");
        assertThat(names(deeds, wal.history().only(DATABASE_DROP))).containsExactly("drop database");
        assertThat(names(deeds, wal.history().deletesOver(10_000))).containsExactly("mass delete");
        assertThat(names(deeds, wal.history().updatesOver(3_999))).containsExactly("savepoints");
        assertThat(names(deeds, wal.history().updatesOver(4_000))).isEmpty();
        assertThat(names(deeds, wal.history().deletesOver(0))).contains("prepared", "partition move", "mass delete");
        assertThat(names(deeds, wal.history().xid(deeds.xid("mass delete")))).containsExactly("mass delete");
        assertThat(names(deeds, wal.history().aborted().xid(deeds.xid("rolled back"))))
                .containsExactly("rolled back");
        assertThat(wal.history().only(RESTORE_POINT).build().newestFirst().map(HistoryEntry::name))
                .containsExactly("the end", "deploy");
        assertThat(names(
                        deeds,
                        wal.history()
                                .since(deeds.time("truncate"))
                                .until(deeds.time("alter type"))
                                .only(TRUNCATE, REWRITE)))
                .containsExactly("alter type", "truncate and fill", "truncate plain", "truncate");
        assertThat(names(deeds, wal.history().relation(deeds.number("select 'copied'::regclass::oid::bigint"))))
                .contains("prepared", "copy")
                .doesNotContain("mass delete");
        requireDetails(deeds, wal, version);
    }

    private static void requireDetails(Deeds deeds, LocalWal wal, PostgresVersion version) {
        HistoryEntry mass = one(wal.history().deletesOver(10_000));
        assertThat(mass.kinds()).containsExactlyInAnyOrder(ROWS, MASS_DELETE);
        assertThat(sum(mass)).isEqualTo(new RowCounts(0, 0, 15_000));
        HistoryEntry small = one(wal.history().deletesOver(10_000).readBehindBytes(0));
        assertThat(small.isComplete()).isFalse();
        assertThat(sum(small).deleted()).isBetween(14_900L, 15_000L);
        assertThat(one(wal.history().updatesOver(3_999)).kinds()).containsExactlyInAnyOrder(ROWS, MASS_UPDATE);
        HistoryEntry drop = one(wal.history().xid(deeds.xid("drop")));
        assertThat(drop.before().target())
                .isEqualTo(RecoveryTarget.xid(deeds.xid("drop")).exclusive());
        HistoryEntry mixed = one(wal.history().xid(deeds.xid("drop and rewrite")));
        assertThat(mixed.kinds()).contains(DROP, REWRITE);
        assertThat(mixed.doubts()).isNotEmpty();
        HistoryEntry prepared = one(wal.history().xid(deeds.xid("drop prepared")));
        assertThat(prepared.isPrepared()).isTrue();
        HistoryEntry database = one(wal.history().only(DATABASE_DROP));
        assertThat(database.before().target()).isInstanceOf(RecoveryTarget.AtLsn.class);
        if (version.isAtLeast(PostgresVersion.V15)) {
            assertThat(drop.dropped().stream()
                            .map(relation -> relation.oid().map(RelationId::oid).orElse(0L))
                            .collect(Collectors.toSet()))
                    .hasSize(4);
        }
    }

    private static HistoryEntry one(HistoryBuilder query) {
        List<HistoryEntry> found = query.build().newestFirst().toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<String> names(Deeds deeds, HistoryBuilder query) {
        return query.build()
                .newestFirst()
                .map(entry -> deeds.nameOf(entry.xid().orElse(0)))
                .toList();
    }
}
