package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RestoreCommandTest {
    private static final String NASTY = "a 'b' \"c\" %f %p %% $HOME `id` ;& \\ * é";
    private static final String PLANNED = FakeWal.segment(2).name();
    private static final String UNPLANNED = FakeWal.segment(9).name();
    private static final PlannedWal PLAN = PlannedWal.of(
            List.of(new WalFileName.History(new TimelineId(2)), FakeWal.name(1), FakeWal.name(2), FakeWal.name(3)));

    private static final List<String> WRITES = List.of("sh", "-c", "echo wal >\"$1\"");

    @TempDir
    Path root;

    static Stream<String> shells() {
        return ServerShell.shells();
    }

    static Stream<Arguments> programs() {
        return shells().flatMap(shell -> Stream.of(
                Arguments.of(shell, "exit 44", UNPLANNED, 1),
                Arguments.of(shell, "exit 44", "00000003.history", 1),
                Arguments.of(shell, "exit 44", PLANNED, 200),
                Arguments.of(shell, "exit 44", "00000002.history", 200),
                Arguments.of(shell, "echo wal >\"$1\"", PLANNED, 0),
                Arguments.of(shell, "exit 0", PLANNED, 200),
                Arguments.of(shell, "exit 0", UNPLANNED, 200),
                Arguments.of(shell, "exit 1", UNPLANNED, 200),
                Arguments.of(shell, "exit 2", UNPLANNED, 200),
                Arguments.of(shell, "exit 125", UNPLANNED, 200),
                Arguments.of(shell, "exit 127", UNPLANNED, 200),
                Arguments.of(shell, "kill -9 $$", UNPLANNED, 200),
                Arguments.of(shell, "kill -TERM $$", UNPLANNED, 200)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void mapsTheStatusOfAProgram(String shell, String script, String name, int expected) throws Exception {
        Path names = names();
        String line = RestoreCommand.program(List.of("sh", "-c", script), PLAN.openEnded(), names)
                .line();
        assertThat(shell(shell).run(line, name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aProgramThatIsNotThereIsAFault(String shell) throws Exception {
        String line = RestoreCommand.program(List.of("/nowhere/pitr"), PLAN.openEnded(), names())
                .line();
        assertThat(shell(shell).run(line, UNPLANNED)).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void asksTheProgramForNoSegmentBehindThePlanUnlessThatIsOpenEnded(String shell) throws Exception {
        String next = FakeWal.segment(4).name();
        String child = FakeWal.segment(4).on(new TimelineId(2)).name();
        String closed = RestoreCommand.program(WRITES, PLAN, names()).line();
        String open = RestoreCommand.program(WRITES, PLAN.openEnded(), names()).line();
        assertThat(shell(shell).run(closed, next)).isEqualTo(1);
        assertThat(shell(shell).run(closed, child)).isEqualTo(1);
        assertThat(shell(shell).run(closed, PLANNED)).isZero();
        assertThat(shell(shell).run(closed, "00000003.history")).isZero();
        assertThat(shell(shell).run(open, next)).isZero();
    }

    @Test
    void knowsThatNothingLiesBehindTheLastSegmentOfAll() {
        long last = FakeWal.SIZE.segmentNumber(new Lsn(-1));
        assertThat(PlannedWal.of(List.of(FakeWal.name(last))).end()).isEmpty();
        assertThat(PlannedWal.of(List.of(FakeWal.name(last - 1))).end()).contains("FFFFFFFF00000FFF");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void handsArgumentsToTheProgramAsTheyAre(String shell) throws Exception {
        Path seen = root.resolve("seen");
        String script = "printf '%s\\n' \"$@\" >'" + seen + "'; echo wal >\"$5\"";
        String line = RestoreCommand.program(
                        List.of("sh", "-c", script, "me", NASTY, "", "x"), PLAN.openEnded(), names())
                .line();
        assertThat(shell(shell).run(line, PLANNED)).isZero();
        assertThat(Files.readString(seen)).isEqualTo(NASTY + "\n\nx\n" + PLANNED + "\n" + ServerShell.TARGET + "\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aListOfNamesThatIsMissingOrCutShortIsAFault(String shell) throws Exception {
        Path names = names();
        String line = RestoreCommand.program(List.of("sh", "-c", "exit 44"), PLAN.openEnded(), names)
                .line();
        assertThat(shell(shell).run(line, UNPLANNED)).isEqualTo(1);
        Files.writeString(names, Files.readString(names).replace("end\n", ""));
        assertThat(shell(shell).run(line, UNPLANNED)).isEqualTo(200);
        Files.writeString(names, "");
        assertThat(shell(shell).run(line, UNPLANNED)).isEqualTo(200);
        Files.delete(names);
        assertThat(shell(shell).run(line, UNPLANNED)).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void copiesStagedFilesFromAnyFolder(String shell) throws Exception {
        Path staged = staged();
        ServerShell server = shell(shell);
        String line = RestoreCommand.staged(staged).line();
        for (int again = 0; again < 2; again++) {
            assertThat(server.run(line, PLANNED)).isZero();
            assertThat(server.target()).hasBinaryContent(FakeWal.bytes(FakeWal.segment(2)));
        }
        assertThat(server.run(line, UNPLANNED)).isEqualTo(1);
        assertThat(server.run(line, "00000001.history")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aStagedFileThatVanishedOrCannotBeCopiedIsAFault(String shell) throws Exception {
        Path staged = staged();
        ServerShell server = shell(shell);
        String line = RestoreCommand.staged(staged).line();
        Files.delete(staged.resolve(PLANNED));
        assertThat(server.run(line, PLANNED)).isEqualTo(200);
        Files.createDirectory(staged.resolve(PLANNED));
        assertThat(server.run(line, PLANNED)).isEqualTo(200);
        Files.delete(server.target().getParent());
        assertThat(server.run(line, FakeWal.segment(1).name())).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aFolderThatVanishedIsAFaultEvenForNamesOutsideThePlan(String shell) throws Exception {
        ServerShell server = shell(shell);
        assertThat(server.run(RestoreCommand.staged(root.resolve("gone")).line(), UNPLANNED))
                .isEqualTo(200);
        assertThat(server.run(RestoreCommand.served(root.resolve("gone")).line(), UNPLANNED))
                .isEqualTo(200);
    }

    /** Bash behaves as they do, but tries for 15 seconds. */
    static Stream<String> shellsThatGiveUpAtOnce() {
        return shells().filter(shell -> !shell.equals("bash"));
    }

    /** A plain dash would exit 2 here, which the server takes for "there is no such file". */
    @ParameterizedTest
    @MethodSource("shellsThatGiveUpAtOnce")
    void aShellThatCannotForkIsAFault(String shell) throws Exception {
        String line = RestoreCommand.program(List.of("sleep", "0"), PLAN.openEnded(), names())
                .line();
        assertThat(withoutForking(shell(shell).builder("sleep 0; exit 7", PLANNED)))
                .isNotIn(0, 7);
        assertThat(withoutForking(shell(shell).builder(line, PLANNED))).isEqualTo(200);
    }

    private static int withoutForking(ProcessBuilder builder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            assumeThat(Path.of("/usr/bin/setpriv"))
                    .as("no limit holds for root")
                    .isExecutable();
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        assumeThat(ServerShell.shells()).as("the limit is set by bash").contains("bash");
        command.addAll(List.of("bash", "-c", "ulimit -u 0; exec \"$@\"", "bash"));
        command.addAll(builder.command());
        return builder.command(command).start().waitFor();
    }

    @Test
    void refusesPathsThatCannotStandInACommand() {
        assertThatThrownBy(() -> RestoreCommand.staged(Path.of("relative")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a command: relative is not absolute, and the server runs it in the data"
                        + " directory");
        assertThatThrownBy(() -> RestoreCommand.staged(Path.of("/a\nb")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contains a control character");
        assertThatThrownBy(() -> RestoreCommand.program(List.of(), PLAN, Path.of("/names")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a restore command: the program is not named");
    }

    private ServerShell shell(String shell) throws IOException {
        return new ServerShell(shell, root.resolve("data"));
    }

    private Path names() throws IOException {
        Path file = root.resolve(NASTY + " names");
        PLAN.writeNames(file);
        return file;
    }

    private Path staged() throws IOException {
        Path wal = Files.createDirectories(root.resolve("wal"));
        for (int number = 1; number <= 3; number++) {
            FakeWal.write(wal, FakeWal.segment(number));
        }
        Files.write(wal.resolve("00000002.history"), "1\t0/300000\t\n".getBytes(StandardCharsets.US_ASCII));
        Path folder = root.resolve(NASTY);
        WalStager.builder(folder, WalSource.of(wal), PLAN).build().stage();
        return folder;
    }
}
