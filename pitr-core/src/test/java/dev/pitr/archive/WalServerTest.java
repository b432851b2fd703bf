package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pitr.error.PitrException;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WalServerTest {
    private static final int LAST = 12;

    @TempDir
    Path root;

    private final MapSource source = new MapSource();
    private Path folder;
    private PlannedWal planned;

    static Stream<String> shells() {
        return ServerShell.shells();
    }

    /** WAL in memory that can be lost, damaged or slow. */
    private static final class MapSource implements WalSource {
        final Map<String, byte[]> files = new ConcurrentHashMap<>();
        final Map<String, RuntimeException> faults = new ConcurrentHashMap<>();
        final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

        @Override
        public Optional<InputStream> open(WalFileName name) {
            awaitGate(name);
            RuntimeException fault = faults.get(name.name());
            if (fault != null) {
                throw fault;
            }
            return Optional.ofNullable(files.get(name.name())).map(ByteArrayInputStream::new);
        }

        private void awaitGate(WalFileName name) {
            try {
                CountDownLatch gate = gates.get(name.name());
                if (gate != null) {
                    gate.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String description() {
            return "memory";
        }
    }

    @BeforeEach
    void fill() {
        folder = root.resolve("a 'b' \"c\" %f $HOME `id` ;&");
        List<WalFileName> files = new ArrayList<>();
        for (int number = 1; number <= LAST; number++) {
            files.add(FakeWal.name(number));
            source.files.put(FakeWal.segment(number).name(), FakeWal.bytes(FakeWal.segment(number)));
        }
        planned = PlannedWal.of(files);
    }

    private WalServer.Builder builder() {
        return WalServer.builder(folder, source, planned);
    }

    private ServerShell shell(String shell) throws IOException {
        return new ServerShell(shell, root.resolve("data"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void handsOverThePlanInOrderAndAgainAfterARestart(String shell) throws Exception {
        ServerShell server = shell(shell);
        try (WalServer serving = builder().ahead(3).parallelism(2).start()) {
            String line = serving.command().line();
            for (int round = 0; round < 2; round++) {
                for (int number = 1; number <= LAST; number++) {
                    assertThat(server.run(line, FakeWal.segment(number).name())).isZero();
                    assertThat(server.target()).hasBinaryContent(FakeWal.bytes(FakeWal.segment(number)));
                }
                // The server asks for the last one again when it has found the end.
                assertThat(server.run(line, FakeWal.segment(LAST).name())).isZero();
            }
            await().until(() -> serving.lastHandedOver()
                    .equals(Optional.of(FakeWal.segment(LAST).name())));
            assertThat(serving.lastFault()).isEmpty();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void keepsNoMoreThanTheGivenNumberReady() throws Exception {
        try (WalServer serving = builder().ahead(3).parallelism(3).start()) {
            await().until(() -> ready().size() == 3);
            assertThat(shell("sh")
                            .run(serving.command().line(), FakeWal.segment(5).name()))
                    .isZero();
            await().until(() -> ready().equals(names(6, 8)));
        }
    }

    private List<String> ready() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("ready"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> names(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(n -> FakeWal.segment(n).name())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void saysThatANameOutsideThePlanIsAbsentAndServesOneThatIsThere(String shell) throws Exception {
        ServerShell server = shell(shell);
        source.files.put("00000003.history", "1\t0/300000\t\n".getBytes(StandardCharsets.US_ASCII));
        String later = FakeWal.segment(LAST + 1).name();
        planned = planned.openEnded();
        try (WalServer serving = builder().start()) {
            String line = serving.command().line();
            assertThat(server.run(line, "00000001.history")).isEqualTo(1);
            assertThat(server.run(line, "00000002.history")).isEqualTo(1);
            assertThat(server.run(line, "00000003.history")).isZero();
            assertThat(server.target()).hasContent("1\t0/300000\t\n");
            assertThat(server.run(line, later)).isEqualTo(1);
            source.files.put(later, FakeWal.bytes(FakeWal.segment(LAST + 1)));
            assertThat(server.run(line, later)).isZero();
            assertThat(serving.lastFault()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void servesNoSegmentOffThePlanEvenIfItIsThere(String shell) throws Exception {
        ServerShell server = shell(shell);
        String later = FakeWal.segment(LAST + 1).name();
        String child = FakeWal.segment(LAST + 1).on(new TimelineId(2)).name();
        source.files.put(later, FakeWal.bytes(FakeWal.segment(LAST + 1)));
        source.files.put(child, FakeWal.bytes(FakeWal.segment(LAST + 1).on(new TimelineId(2))));
        try (WalServer serving = builder().start()) {
            assertThat(server.run(serving.command().line(), later)).isEqualTo(1);
            assertThat(server.run(serving.command().line(), child)).isEqualTo(1);
        }
        planned = planned.openEnded();
        try (WalServer serving = builder().start()) {
            assertThat(server.run(serving.command().line(), child)).isEqualTo(1);
            assertThat(server.run(serving.command().line(), later)).isZero();
            assertThat(serving.lastFault()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aPlannedSegmentThatVanishedIsAFault(String shell) throws Exception {
        String vanished = FakeWal.segment(2).name();
        source.files.remove(vanished);
        try (WalServer serving = builder().start()) {
            assertThat(shell(shell)
                            .run(serving.command().line(), FakeWal.segment(1).name()))
                    .isZero();
            assertThat(shell(shell).run(serving.command().line(), vanished)).isEqualTo(200);
            assertThat(serving.lastFault())
                    .get()
                    .isInstanceOf(WalMissingException.class)
                    .extracting(Throwable::getMessage)
                    .isEqualTo("Cannot find " + vanished + " in memory, where the plan of this recovery counts on it."
                            + " Find out who removed it and plan again");
            // Put back, it is served.
            source.files.put(vanished, FakeWal.bytes(FakeWal.segment(2)));
            assertThat(shell(shell).run(serving.command().line(), vanished)).isZero();
        }
    }

    @Test
    void damagedTooShortAndUnknowableFilesAreFaults() throws Exception {
        source.faults.put(FakeWal.segment(1).name(), new StorageCorruptException("damaged", null));
        source.files.put(FakeWal.segment(2).name(), new byte[100]);
        source.faults.put("00000002.history", new IllegalStateException("storage is away"));
        try (WalServer serving = builder().start()) {
            String line = serving.command().line();
            assertThat(shell("sh").run(line, FakeWal.segment(1).name())).isEqualTo(200);
            assertThat(serving.lastFault()).get().isInstanceOf(StorageCorruptException.class);
            assertThat(shell("sh").run(line, FakeWal.segment(2).name())).isEqualTo(200);
            assertThat(serving.lastFault().orElseThrow())
                    .hasMessage("Cannot fetch " + FakeWal.segment(2).name()
                            + " from memory: it has 100 bytes, a segment has 1048576");
            assertThat(shell("sh").run(line, "00000002.history")).isEqualTo(200);
            assertThat(serving.lastFault().orElseThrow()).hasMessageContaining("storage is away");
        }
    }

    @Test
    void waitsForASlowSourceAndGivesUpWhenClosed() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        source.gates.put(FakeWal.segment(1).name(), gate);
        source.gates.put(FakeWal.segment(2).name(), new CountDownLatch(1));
        Process waiting;
        try (WalServer serving = builder().start()) {
            Process slow = shell("sh")
                    .builder(serving.command().line(), FakeWal.segment(1).name())
                    .start();
            await().until(() -> Files.exists(
                    folder.resolve("ask").resolve(FakeWal.segment(1).name())));
            gate.countDown();
            assertThat(slow.waitFor()).isZero();
            waiting = shell("sh")
                    .builder(serving.command().line(), FakeWal.segment(2).name())
                    .start();
            await().until(() -> Files.exists(
                    folder.resolve("ask").resolve(FakeWal.segment(2).name())));
        }
        assertThat(waiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isEqualTo(200);
        assertThat(shell("sh")
                        .run(
                                RestoreCommand.served(folder).line(),
                                FakeWal.segment(3).name()))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void noticesThatTheServingProcessIsGone(String shell) throws Exception {
        // What kill -9 leaves: the folder with a sign of life that no longer changes.
        Files.createDirectories(folder.resolve("ask"));
        Files.createDirectories(folder.resolve("ready"));
        Files.writeString(folder.resolve("alive"), "17\n");
        String line = RestoreCommand.served(folder).line();
        assertThat(line).contains("-lt 600");
        assertThat(shell(shell)
                        .run(
                                line.replace("-lt 600", "-lt 10"),
                                FakeWal.segment(1).name()))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void endsWithTheServerThatRanIt(String shell) throws Exception {
        source.gates.put(FakeWal.segment(1).name(), new CountDownLatch(1));
        try (WalServer serving = builder().start()) {
            ProcessBuilder inner = shell(shell)
                    .builder(serving.command().line(), FakeWal.segment(1).name());
            List<String> command =
                    new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/null 2>&1 & echo $!; wait", "server"));
            command.addAll(inner.command());
            Process postgres = inner.command(command)
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            try (BufferedReader out = postgres.inputReader()) {
                ProcessHandle line =
                        ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
                await().until(() -> Files.exists(
                        folder.resolve("ask").resolve(FakeWal.segment(1).name())));
                postgres.destroyForcibly().waitFor();
                await().atMost(Duration.ofSeconds(10)).until(() -> !line.isAlive());
            }
        }
    }

    @Test
    void takesOverWhatAKilledProcessLeftButNotFromALivingOne() throws Exception {
        Files.createDirectories(folder.resolve("ready"));
        Files.writeString(folder.resolve("ready").resolve(FakeWal.segment(1).name()), "left behind");
        try (WalServer serving = builder().start()) {
            assertThat(shell("sh")
                            .run(serving.command().line(), FakeWal.segment(1).name()))
                    .isZero();
            assertThat(shell("sh").target()).hasBinaryContent(FakeWal.bytes(FakeWal.segment(1)));
            assertThatThrownBy(() -> builder().start())
                    .isInstanceOf(PitrException.class)
                    .hasMessageStartingWith("Cannot serve WAL from " + folder)
                    .hasMessageEndingWith("this process serves it already");
        }
        builder().start().close();
    }

    @Test
    void checksItsOptions() {
        assertThatThrownBy(() -> builder().ahead(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ahead is 0: expected 1 or more");
        assertThatThrownBy(() -> builder().parallelism(2).parallelism(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("parallelism is set twice");
        assertThatThrownBy(() ->
                        WalServer.builder(Path.of("spool"), source, planned).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spool is not absolute");
    }

    @Test
    void refusesPlansThatAreNoPath() {
        assertThatThrownBy(() -> PlannedWal.of(List.of(FakeWal.name(1), FakeWal.name(3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Segments are no unbroken path: 000000010000000000000001 is followed by"
                        + " 000000010000000000000003");
        assertThatThrownBy(() -> PlannedWal.of(List.of(new WalFileName.History(new TimelineId(2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A recovery needs at least one segment");
        assertThatThrownBy(() -> PlannedWal.of(List.of(new WalFileName.Partial(FakeWal.segment(1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A server that recovers never asks for 000000010000000000000001.partial");
    }
}
