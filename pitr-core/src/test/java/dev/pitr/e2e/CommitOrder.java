package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of commits as the server itself tells it: its logical decoding names, for each transaction, where its commit
 * record starts and ends and the time in that record (protocol.sgml, "Logical Replication Message Formats", Begin and
 * Commit). The time is compared with a second witness, the server's {@code pg_xact_commit_timestamp}.
 */
final class CommitOrder {
    /** One commit record. */
    record Commit(long xid, Lsn start, Lsn end, Instant time) {}

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private CommitOrder() {}

    /** Makes the server keep what {@link #read} needs. */
    static void watch(PostgresServer server) {
        server.execute(
                "create publication everything for all tables",
                "select pg_create_logical_replication_slot('order', 'pgoutput')");
    }

    /** Reads all commits since {@link #watch}, in the order of their records. */
    static List<Commit> read(PostgresServer server) {
        List<Commit> commits = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet messages =
                    statement.executeQuery("select data from pg_logical_slot_peek_binary_changes('order',"
                            + " null, null, 'proto_version', '1', 'publication_names', 'everything')"
                            + " where get_byte(data, 0) in (ascii('B'), ascii('C'))")) {
                while (messages.next()) {
                    ByteBuffer begin = ByteBuffer.wrap(messages.getBytes(1));
                    assertThat(messages.next()).isTrue();
                    commits.add(commit(begin, ByteBuffer.wrap(messages.getBytes(1))));
                }
            }
            for (Commit commit : commits) {
                compareTime(statement, commit);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read the order of commits: " + e.getMessage(), e);
        }
        assertThat(commits).isSortedAccordingTo((a, b) -> a.start().compareTo(b.start()));
        return commits;
    }

    /** Begin: 'B', int64 commit position, int64 time, int32 xid. Commit: 'C', flags, int64 start, int64 end, int64 time. */
    private static Commit commit(ByteBuffer begin, ByteBuffer commit) {
        assertThat((char) begin.get(0)).isEqualTo('B');
        assertThat((char) commit.get(0)).isEqualTo('C');
        assertThat(begin.getLong(1)).isEqualTo(commit.getLong(2));
        return new Commit(
                Integer.toUnsignedLong(begin.getInt(17)),
                new Lsn(commit.getLong(2)),
                new Lsn(commit.getLong(10)),
                POSTGRES_EPOCH.plus(commit.getLong(18), ChronoUnit.MICROS));
    }

    private static void compareTime(Statement statement, Commit commit) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("select pg_xact_commit_timestamp('" + commit.xid() + "'::xid)")) {
            result.next();
            assertThat(result.getObject(1, OffsetDateTime.class).toInstant()).isEqualTo(commit.time());
        }
    }
}
