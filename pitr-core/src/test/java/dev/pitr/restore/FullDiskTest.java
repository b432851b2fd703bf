package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pitr.error.PitrException;
import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Incarnation;
import dev.pitr.storage.InMemoryStorage;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A filesystem that fills up while files are restored: a small one in memory, mounted for a child process alone. */
class FullDiskTest {
    @TempDir
    Path folder;

    @Test
    void failsWithATypedErrorAndGoesOnWhenThereIsRoom() throws Exception {
        assumeThat(run("unshare", "-rm", "true"))
                .as("user namespaces are allowed")
                .isEmpty();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        String output = run(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=8m none \"$1\" && exec \"$2\" -cp \"$3\" \"$4\" \"$1\"",
                "sh",
                folder.toString(),
                java,
                classPath,
                Child.class.getName());
        assertThat(output).contains("first: restore.no-space", "startable: false", "then: control");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "failed: " + output;
    }

    /** Restores onto a filesystem of which somebody else takes the room after preflight. */
    static final class Child {
        private Child() {}

        /**
         * Runs.
         *
         * @param args the mounted folder
         */
        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            Path filler = folder.resolve("filler");
            Incarnation incarnation = new HandMadeBackup().store(new InMemoryStorage());
            try {
                restore(incarnation, folder, progress -> fill(filler)).execute();
                System.out.println("first: no error");
            } catch (PitrException e) {
                System.out.println("first: " + e.code());
            }
            System.out.println("startable: " + Files.exists(folder.resolve("data/global/pg_control")));
            Files.delete(filler);
            restore(incarnation, folder, ProgressListener.NONE).execute().close();
            System.out.println("then: " + Files.readString(folder.resolve("data/global/pg_control")));
            System.exit(0);
        }

        private static RestoreExecutor restore(Incarnation incarnation, Path folder, ProgressListener listener) {
            return RestoreExecutor.builder(HandMadeBackup.plan(incarnation), incarnation, folder.resolve("data"))
                    .wal(new WalDelivery.Command(List.of("true")))
                    .progress(listener)
                    .build();
        }

        private static void fill(Path filler) {
            try (OutputStream out = Files.newOutputStream(filler)) {
                while (true) {
                    out.write(new byte[512]);
                }
            } catch (IOException e) {
                // Full, as wanted.
            }
        }
    }
}
