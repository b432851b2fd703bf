package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process can't show: many of them in one root, and one that dies. */
class ManyProcessesTest {
    private static final int PROCESSES = 32;
    private static final int ROUNDS = 20;

    @TempDir
    Path root;

    /** Creates an object of its own bytes under each key that it is told, and says who won. */
    static final class Racer {
        private Racer() {}

        public static void main(String[] arguments) throws IOException {
            PrintStream out = System.out;
            byte[] bytes = bytesOf(Integer.parseInt(arguments[1]));
            try (FileSystemStorage storage = FileSystemStorage.at(Path.of(arguments[0]));
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                out.println("ready");
                for (String key = in.readLine(); key != null; key = in.readLine()) {
                    out.println(creates(storage, key, bytes));
                }
            }
        }

        private static String creates(FileSystemStorage storage, String key, byte[] bytes) {
            try {
                storage.createIfAbsent(new ObjectKey(key), Content.of(bytes));
                return "won";
            } catch (ObjectExistsException e) {
                return "lost";
            }
        }
    }

    private static byte[] bytesOf(int racer) {
        byte[] bytes = new byte[100_000 + racer];
        Arrays.fill(bytes, (byte) racer);
        return bytes;
    }

    /** Starts an upload and waits for the end. */
    static final class Uploader {
        private Uploader() {}

        public static void main(String[] arguments) throws IOException {
            try (FileSystemStorage storage = FileSystemStorage.at(Path.of(arguments[0]));
                    ObjectUpload upload = storage.upload(new ObjectKey("unfinished"))) {
                upload.write(new byte[1000]);
                System.out.println("ready");
                System.in.read();
            }
        }
    }

    @Test
    void oneOfManyProcessesWins() throws Exception {
        List<ChildJvm> racers = new ArrayList<>();
        try (FileSystemStorage storage = FileSystemStorage.at(root)) {
            for (int i = 0; i < PROCESSES; i++) {
                racers.add(ChildJvm.start(Racer.class, root.toString(), Integer.toString(i)));
            }
            racers.forEach(racer -> assertThat(racer.hear()).isEqualTo("ready"));

            for (int round = 0; round < ROUNDS; round++) {
                ObjectKey key = new ObjectKey("round/" + round + "/wal");
                racers.forEach(racer -> racer.say(key.value()));
                List<String> answers = racers.stream().map(ChildJvm::hear).toList();

                assertThat(answers).containsOnlyOnce("won");
                assertThat(Collections.frequency(answers, "lost")).isEqualTo(PROCESSES - 1);
                assertThat(read(storage, key)).isEqualTo(bytesOf(answers.indexOf("won")));
            }
            assertThat(storage.list("", "")).hasSize(ROUNDS);
        } finally {
            for (ChildJvm racer : racers) {
                racer.close();
            }
        }
    }

    private static byte[] read(FileSystemStorage storage, ObjectKey key) throws IOException {
        try (InputStream in = storage.open(key)) {
            return in.readAllBytes();
        }
    }

    @Test
    void sparesTheUploadOfALivingProcessAndRemovesThatOfADeadOne() throws Exception {
        try (FileSystemStorage storage = FileSystemStorage.at(root)) {
            try (ChildJvm uploader = ChildJvm.start(Uploader.class, root.toString())) {
                assertThat(uploader.hear()).isEqualTo("ready");
                age(onlyStagedFile(), Duration.ofDays(3));
                assertThat(storage.removeAbandonedUploads(Duration.ofHours(1))).isZero();
                assertThat(onlyStagedFile()).exists();
            }

            assertThat(storage.list("", "")).isEmpty();
            assertThat(storage.removeAbandonedUploads(Duration.ofDays(4))).isZero();
            assertThat(storage.removeAbandonedUploads(Duration.ofHours(1))).isEqualTo(1);
            assertThat(stagedFiles()).isEmpty();
        }
    }

    @Test
    void tidiesUpAfterTheDeadWhenItFirstWrites() throws Exception {
        try (ChildJvm uploader = ChildJvm.start(Uploader.class, root.toString())) {
            assertThat(uploader.hear()).isEqualTo("ready");
        }
        age(onlyStagedFile(), Duration.ofHours(25));

        try (FileSystemStorage storage = FileSystemStorage.at(root)) {
            storage.put(new ObjectKey("a"), Content.of(new byte[1]));
        }

        assertThat(stagedFiles()).isEmpty();
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private Path onlyStagedFile() throws IOException {
        assertThat(stagedFiles()).hasSize(1);
        return stagedFiles().get(0);
    }

    private List<Path> stagedFiles() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".pitr-tmp"))) {
            return files.toList();
        }
    }
}
