package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.Pitr;
import dev.pitr.error.PitrException;
import dev.pitr.restore.RestoreException;
import dev.pitr.storage.FileSystemStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Archives, backs up and restores onto a small disk that is full, and again when there is room. */
final class FullDiskProgram {
    private final Path ballast;

    private FullDiskProgram(Path disk) {
        this.ballast = disk.resolve("ballast");
    }

    /** Arguments: where the small disk is, a URL, a pg_wal with ready files, and a repository with a backup. */
    public static void main(String[] arguments) throws Exception {
        Path disk = Path.of(arguments[0]);
        FullDiskProgram program = new FullDiskProgram(disk);
        Scene scene = new Scene(disk);
        scene.pitr().init(arguments[1], JobProgram.user());
        program.archive(scene, Path.of(arguments[2]));
        program.backUp(scene, arguments[1]);
        restore(Pitr.at(FileSystemStorage.at(Path.of(arguments[3])), Scene.SERVICE), disk.resolve("restored"));
    }

    private void archive(Scene scene, Path original) throws IOException {
        Path wal = Trees.copy(original, Files.createTempDirectory("pg_wal"));
        fill();
        assertFull(() -> JobProgram.archive(scene.pitr(), wal));
        StoredFiles stored = StoredFiles.of(scene);
        stored.requireWholeWal(original);
        for (String acknowledged : SmallServer.waiting(wal, ".done")) {
            stored.requireArchived(original.resolve(acknowledged));
        }
        Files.delete(ballast);
        JobProgram.archive(scene.pitr(), wal);
        assertThat(SmallServer.waiting(wal, ".ready")).isEmpty();
        stored.requireWholeWal(original);
        Trees.delete(wal);
    }

    private void backUp(Scene scene, String url) throws IOException {
        fill();
        assertFull(() -> JobProgram.backup(scene.pitr(), url));
        assertThat(StoredFiles.of(scene)
                        .requireWholeBackups(scene.pitr().repository().current())
                        .backups())
                .isEmpty();
        Files.delete(ballast);
        JobProgram.backup(scene.pitr(), url);
        assertThat(StoredFiles.of(scene)
                        .requireWholeBackups(scene.pitr().repository().current())
                        .backups())
                .hasSize(1);
    }

    private static void restore(Pitr pitr, Path home) {
        assertThatThrownBy(() -> JobProgram.restore(pitr, home))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.code()).isEqualTo("restore.no-space"));
        assertThat(home.resolve("data/global/pg_control")).doesNotExist();
    }

    /** Leaves a few blocks. */
    private void fill() throws IOException {
        byte[] block = new byte[4096];
        long blocks = Files.getFileStore(ballast.getParent()).getUsableSpace() / block.length - 20;
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (long i = 0; i < blocks; i++) {
                out.write(block);
            }
        }
    }

    private static void assertFull(ThrowingCallable job) {
        assertThatThrownBy(job)
                .isInstanceOfSatisfying(
                        PitrException.class, e -> assertThat(e.code()).isEqualTo("storage.full"));
    }
}
