package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.Pitr;
import dev.pitr.catalog.Backup;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters that are large beside the heap of the JVM that backs them up and restores them: in bytes, and in the number of
 * files.
 *
 * <p>The tests tagged {@code soak} take the sizes that users have; {@code pitr.test.largeMebibytes} and {@code
 * pitr.test.largeFiles} change them. Each needs free disk of three times the data.
 */
class LargeBackupIT {
    private static final int MEBIBYTES = Integer.getInteger("pitr.test.largeMebibytes", 4096);
    private static final int FILES = Integer.getInteger("pitr.test.largeFiles", 300_000);
    private static final int HEAP_MEBIBYTES = 256;
    /** Less than a fourfold saving: what is measured is a database, not zeros. */
    private static final int MAX_RATIO = 4;

    private static final int PAGE_BYTES = 8192;
    private static final int FILES_A_FOLDER = 3000;
    private static final String CHECKSUM =
            "select count(*) || ' ' || sum(hashtextextended(customer || token || note, id)) from orders";

    @TempDir
    Path folder;

    private Pitr pitr;

    @BeforeEach
    void openStorage() {
        pitr = Pitr.at(FileSystemStorage.create(repository()), SmallHeapProgram.SERVICE);
    }

    private Path repository() {
        return folder.resolve("repository");
    }

    private Path restored() {
        return folder.resolve("restored");
    }

    @Test
    void backsUpAndRestoresMoreThanTheHeapHolds() throws Exception {
        largeTable(192, 80);
    }

    @Test
    void backsUpAndRestoresManyFiles() throws Exception {
        manyFiles(3_000, 80);
    }

    @Test
    @Tag("soak")
    void backsUpAndRestoresGibibytesInASmallHeap() throws Exception {
        largeTable(MEBIBYTES, HEAP_MEBIBYTES);
    }

    @Test
    @Tag("soak")
    void backsUpAndRestoresHundredsOfThousandsOfFilesInASmallHeap() throws Exception {
        manyFiles(FILES, HEAP_MEBIBYTES);
    }

    private void largeTable(int mebibytes, int heapMebibytes) throws Exception {
        String checksum;
        try (PostgresServer server = start()) {
            fill(server, mebibytes);
            checksum = server.queryOne(CHECKSUM);
            backUp(server, heapMebibytes);
        }
        Backup backup = onlyBackup();
        assertThat(backup.baseRawSizeBytes()).isGreaterThanOrEqualTo((long) mebibytes << 20);
        assertThat(backup.rawSizeBytes()).isLessThan(MAX_RATIO * backup.storedSizeBytes());
        SmallHeapProgram.run(heapMebibytes, "restore", repository(), restored());
        try (PostgresServer server = PostgresServer.launch(PostgresVersions.newest(), restored(), Map.of())) {
            assertThat(server.awaitPromoted().queryOne(CHECKSUM)).isEqualTo(checksum);
        }
    }

    private void manyFiles(int files, int heapMebibytes) throws Exception {
        try (PostgresServer server = start()) {
            Path many = Files.createDirectory(server.dataDirectory().resolve("many"));
            write(many, files);
            backUp(server, heapMebibytes);
        }
        assertThat(onlyBackup().fileCount()).isGreaterThan(files);
        // A restore fails when a file of the server's manifest is missing or differs from it.
        SmallHeapProgram.run(heapMebibytes, "restore", repository(), restored());
        for (int i = 0; i < files; i++) {
            assertThat(Files.readAllBytes(file(restored().resolve("many"), i))).isEqualTo(content(i));
        }
        try (PostgresServer server = PostgresServer.launch(PostgresVersions.newest(), restored(), Map.of())) {
            assertThat(server.awaitPromoted().queryOne("select 1")).isEqualTo("1");
        }
    }

    private PostgresServer start() {
        PostgresServer server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("original"))
                .setting("shared_buffers", "128MB")
                .start();
        pitr.init(server.jdbcUrl(), server.superuser());
        return server;
    }

    private void backUp(PostgresServer server, int heapMebibytes) throws IOException, InterruptedException {
        SmallHeapProgram.run(heapMebibytes, "backup", repository(), server.jdbcUrl());
    }

    private Backup onlyBackup() {
        assertThat(pitr.catalogue().backups()).hasSize(1);
        Backup backup = pitr.catalogue().backups().get(0);
        System.out.printf(
                "%,d bytes in %,d files, stored in %,d%n",
                backup.rawSizeBytes(), backup.fileCount(), backup.storedSizeBytes());
        return backup;
    }

    /**
     * Rows of some 170 bytes with words, numbers and random tokens. They come again after 80 MiB, which is too far for
     * zstd to remember.
     */
    private static void fill(PostgresServer server, int mebibytes) {
        server.execute(
                "create table sample as select n::bigint as id, 'customer ' || n % 99991 as customer,"
                        + " md5(random()::text) || md5(random()::text) as token, n % 9973 / 100.0 as amount,"
                        + " 'ordered at counter ' || n % 997 as note from generate_series(1, 500000) n",
                "create table orders (like sample)");
        long size = 0;
        for (int batch = 0; size < (long) mebibytes << 20; batch++) {
            server.execute("insert into orders select id + " + batch
                    + " * 500000::bigint, customer, token, amount, note from sample");
            size = Long.parseLong(server.queryOne("select pg_relation_size('orders')"));
        }
    }

    /**
     * Writes files as a database of many small tables has them, a third of them empty and the others of one page. A server
     * backs up whatever lies in its data directory, so it need not create the tables, which takes hours.
     */
    private static void write(Path many, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            if (i % FILES_A_FOLDER == 0) {
                Files.createDirectory(file(many, i).getParent());
            }
            Files.write(file(many, i), content(i));
        }
    }

    private static Path file(Path many, int number) {
        return many.resolve(number / FILES_A_FOLDER + "/" + number);
    }

    /** A page that is partly filled, as the first of a small table is. */
    private static byte[] content(int number) {
        if (number % 3 == 0) {
            return new byte[0];
        }
        byte[] rows = new byte[PAGE_BYTES / 4];
        new Random(number).nextBytes(rows);
        byte[] page = Arrays.copyOf(rows, PAGE_BYTES);
        System.arraycopy(rows, 0, page, PAGE_BYTES - rows.length, rows.length / 2);
        return page;
    }
}
