package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when there is no room: a limit on file sizes, which everybody can set, and a disk that is full. */
class FullDiskTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path root;

    /** Stores what doesn't fit in all ways there are, and prints what came of it. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            PrintStream out = System.out;
            Path root = Path.of(arguments[0]);
            Content tooLarge = Content.of(new byte[8 * MEBIBYTE]);
            ObjectKey old = new ObjectKey("old");
            try (FileSystemStorage storage = FileSystemStorage.at(root)) {
                storage.put(old, Content.of(new byte[10]));
                out.println("create "
                        + attempt(() -> {
                            storage.createIfAbsent(new ObjectKey("new"), tooLarge);
                            return true;
                        }));
                out.println("put "
                        + attempt(() -> {
                            storage.put(old, tooLarge);
                            return true;
                        }));
                out.println("upload "
                        + attempt(() -> {
                            try (ObjectUpload upload = storage.upload(old)) {
                                upload.write(new byte[8 * MEBIBYTE]);
                                upload.commit();
                            }
                            return true;
                        }));
                out.println("old " + storage.stat(old).orElseThrow().sizeBytes());
                try (Stream<Path> staged = Files.list(root.resolve(".pitr-tmp"))) {
                    out.println("staged " + staged.count());
                }
                out.println("small "
                        + attempt(() -> {
                            storage.createIfAbsent(new ObjectKey("small"), Content.of(new byte[10]));
                            return true;
                        }));
                try (Stream<ObjectInfo> objects = storage.list("", "")) {
                    objects.forEach(info -> out.println(info.key() + " " + info.sizeBytes()));
                }
            }
        }

        private static String attempt(Callable<?> task) throws Exception {
            try {
                task.call();
                return "stored";
            } catch (StorageException e) {
                return e.code();
            }
        }
    }

    @Test
    void leavesNothingBeyondALimitOnFileSizes() throws Exception {
        assertNothingLeft("ulimit -f 4096 && exec \"$@\"");
    }

    @Test
    void leavesNothingOnAFullFilesystem() throws Exception {
        assumeTrue(canMount(), "needs a user namespace or root to mount a small filesystem");

        assertNothingLeft(
                "mount -t tmpfs -o size=4m tmpfs '" + root + "' && exec \"$@\"", "unshare", "-rm", "sh", "-c");
    }

    private static boolean canMount() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/tmp")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void assertNothingLeft(String shell, String... wrapper) throws Exception {
        String line = wrapper.length == 0
                ? shell
                : "exec " + String.join(" ", wrapper) + " \""
                        + shell.replace("\"", "\\\"").replace("$", "\\$") + "\" sh \"$@\"";
        try (ChildJvm writer = ChildJvm.startThrough(line, Writer.class, root.toString())) {
            assertThat(writer.hearAll())
                    .isEqualTo(List.of(
                            "create storage.full",
                            "put storage.full",
                            "upload storage.full",
                            "old 10",
                            "staged 0",
                            "small stored",
                            "old 10",
                            "small 10"));
        }
    }
}
