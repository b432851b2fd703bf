package dev.pitr.examples.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** A server with as many bytes or files as are asked for. */
final class BenchmarkCluster implements AutoCloseable {
    private static final int PAGE_BYTES = 8192;
    private static final int FILES_A_FOLDER = 3000;

    private final EmbeddedPostgres server;
    private final Path dataDirectory;

    private BenchmarkCluster(EmbeddedPostgres server, Path dataDirectory) {
        this.server = server;
        this.dataDirectory = dataDirectory;
    }

    static BenchmarkCluster start(Path dataDirectory) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(dataDirectory)
                .setServerConfig("wal_level", "replica")
                .setServerConfig("fsync", "off")
                .setServerConfig("autovacuum", "off")
                .setServerConfig("max_wal_size", "1GB")
                .start();
        return new BenchmarkCluster(server, dataDirectory);
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /**
     * Creates a table with words, numbers and random tokens, of which zstd saves less than three quarters. The rows come
     * again after 160 MiB, which is too far for zstd to remember.
     */
    void fillTable(int mebibytes) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("create table sample as select n::bigint as id, 'customer ' || n % 99991 as customer,"
                    + " md5(random()::text) || md5(random()::text) as token, n % 9973 / 100.0 as amount,"
                    + " 'ordered at counter ' || n % 997 as note from generate_series(1, 1000000) n");
            statement.execute("create table orders (like sample)");
            for (long batch = 0; tableBytes(statement) < (long) mebibytes << 20; batch++) {
                statement.execute("insert into orders select id + " + batch
                        + " * 1000000, customer, token, amount, note from sample");
            }
            // Hint bits are written now, not while tar reads.
            statement.execute("vacuum orders");
            statement.execute("checkpoint");
        }
    }

    private static long tableBytes(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select pg_relation_size('orders')")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /**
     * Writes files as a database of many small tables has them, a third of them empty and the others of one page. A server
     * backs up whatever lies in its data directory, so it need not create the tables, which takes hours.
     */
    void writeFiles(int count) throws IOException {
        Path many = dataDirectory.resolve("many");
        for (int i = 0; i < count; i++) {
            Path folder = many.resolve(Integer.toString(i / FILES_A_FOLDER));
            if (i % FILES_A_FOLDER == 0) {
                Files.createDirectories(folder);
            }
            Path file = Files.createFile(
                    folder.resolve(Integer.toString(i)),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (i % 3 != 0) {
                Files.write(file, page(i));
            }
        }
    }

    /** A page that is partly filled, as the first of a small table is. */
    private static byte[] page(int number) {
        byte[] rows = new byte[PAGE_BYTES / 4];
        new Random(number).nextBytes(rows);
        byte[] page = Arrays.copyOf(rows, PAGE_BYTES);
        System.arraycopy(rows, 0, page, PAGE_BYTES - rows.length, rows.length / 2);
        return page;
    }

    /** Bytes of all files but WAL, which neither side copies. */
    long sizeBytes() throws IOException {
        try (Stream<Path> files = Files.walk(dataDirectory)) {
            return files.filter(this::isCopied)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    long fileCount() throws IOException {
        try (Stream<Path> files = Files.walk(dataDirectory)) {
            return files.filter(this::isCopied).count();
        }
    }

    private boolean isCopied(Path file) {
        return Files.isRegularFile(file) && !file.startsWith(dataDirectory.resolve("pg_wal"));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
