package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.storage.Content;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.testing.OnlineCopy;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores by the very commands of the format's documentation. */
class RestoreByHandIT {
    private static final WalSegmentSize SEGMENTS = new WalSegmentSize(1 << 20);
    private static final String ID = "20261120T142642Z-4f1c";
    private static final int FRAME_BYTES = 4 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresByTheCommandsOfTheDocumentation(PostgresVersion version) throws Exception {
        String target;
        Path incarnation;
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                        .walSegmentMebibytes(1)
                        .setting("wal_keep_size", "512MB")
                        .start();
                FileSystemStorage storage = FileSystemStorage.create(folder.resolve("store"))) {
            Incarnation stored = Repository.at(storage, "main").init(identity(server));
            server.execute("create table t (x int)", "insert into t values (1)");
            backUp(server, stored.backups());
            server.execute("insert into t values (2)");
            target = server.queryOne("select clock_timestamp() at time zone 'UTC' || '+00'");
            server.execute("insert into t values (3)", "drop table t", "select pg_switch_wal()");
            archiveAll(server, stored.wal());
            incarnation = folder.resolve("store/main/" + version + "-"
                    + Long.toUnsignedString(stored.identity().systemIdentifier()));
        }
        Path data = folder.resolve("restored");
        followTheDocumentation(incarnation, data, target);
        try (PostgresServer restored = PostgresServer.launch(version, data)) {
            restored.awaitPromoted();
            assertThat(restored.query("select x from t order by x")).containsExactly("1", "2");
            assertThat(restored.log()).contains("recovery stopping before commit");
        }
    }

    /** What a person does with a shell and an editor. */
    private void followTheDocumentation(Path incarnation, Path data, String target) throws Exception {
        List<String[]> blocks = blocks();
        StringBuilder script = new StringBuilder("set -eu\n");
        for (String[] block : blocks) {
            if (block[0].equals("sh")) {
                script.append(edited(block[1], incarnation, data));
            } else {
                script.append("cat >> \"$DATA/postgresql.auto.conf\" <<'END'\n")
                        .append(block[1].replace(
                                        "/srv/restored/wal",
                                        folder.resolve("wal").toString())
                                .replace("2026-11-20 14:26:42.123456+00", target))
                        .append("END\n");
            }
        }
        assertThat(blocks).hasSizeGreaterThan(4);
        run("sh", "-c", script.toString());
    }

    private String edited(String block, Path incarnation, Path data) {
        return block.replace("/srv/pitr/main/18-7512345678901234567", incarnation.toString())
                .replace("/srv/restored/data", data.toString())
                .replace("/srv/restored/wal", folder.resolve("wal").toString());
    }

    private static List<String[]> blocks() throws IOException {
        Path document = Path.of("").toAbsolutePath();
        while (!Files.exists(document.resolve("docs/repository-format.md"))) {
            document = document.getParent();
        }
        String text = Files.readString(document.resolve("docs/repository-format.md"));
        Matcher block = Pattern.compile("```(sh|ini)\n(.*?)```", Pattern.DOTALL)
                .matcher(text.substring(text.indexOf("## Restore by hand")));
        List<String[]> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(new String[] {block.group(1), block.group(2)});
        }
        return blocks;
    }

    /** A backup of one part, made without the code that makes backups. */
    private void backUp(PostgresServer server, BackupStore store) throws Exception {
        Path copy = folder.resolve("copy");
        OnlineCopy.of(server, copy);
        Path tar = folder.resolve("base.tar");
        run("tar", "-c", "-f", tar.toString(), "-C", copy.toString(), ".");
        store.start(ID, "test", Duration.ofMinutes(1));
        try (InputStream in = Files.newInputStream(tar);
                FrameCompressor frames = Codec.zstd().frameCompressor();
                ObjectUpload upload = store.upload(ID, "base/00001.tar.zst")) {
            byte[] compressed = new byte[Codec.zstd().maxCompressedLength(FRAME_BYTES)];
            byte[] raw = in.readNBytes(FRAME_BYTES);
            while (raw.length > 0) {
                upload.write(compressed, 0, frames.compress(raw, 0, raw.length, compressed));
                raw = in.readNBytes(FRAME_BYTES);
            }
            upload.commit();
        }
    }

    private static void archiveAll(PostgresServer server, WalStore store) throws IOException {
        String current = server.queryOne("select pg_walfile_name(pg_current_wal_insert_lsn())");
        try (Stream<Path> files = Files.list(server.dataDirectory().resolve("pg_wal"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.length() == 24 && name.compareTo(current) < 0) {
                    store.create(WalFileName.parse(name, SEGMENTS), Content.of(file));
                }
            }
        }
    }

    private static ClusterIdentity identity(PostgresServer server) {
        String identifier = server.queryOne("select system_identifier from pg_control_system()");
        return new ClusterIdentity(Long.parseUnsignedLong(identifier), server.version(), SEGMENTS);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
