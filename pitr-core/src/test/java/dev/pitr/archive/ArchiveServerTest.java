package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pitr.error.PitrException;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.Fault;
import dev.pitr.testkit.FaultInjectingStorage;
import dev.pitr.testkit.FaultPlan;
import dev.pitr.testkit.StorageCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchiveServerTest {
    private static final int LAST = 8;

    @TempDir
    Path root;

    private final ObjectStorage storage = new InMemoryStorage();
    private Path folder;
    private Path data;
    private Incarnation incarnation;

    static Stream<String> shells() {
        return ServerShell.shells();
    }

    @BeforeEach
    void fill() throws IOException {
        folder = root.resolve("a 'b' \"c\" %f %% $HOME `id` ;& \\n");
        data = root.resolve("data");
        Files.createDirectories(data.resolve("pg_wal/archive_status"));
        incarnation = Repository.at(storage, "main").init(FakeWal.CLUSTER);
        for (int number = 1; number <= LAST; number++) {
            Files.write(wal(number), FakeWal.bytes(FakeWal.segment(number)));
        }
    }

    private Path wal(int number) {
        return data.resolve("pg_wal").resolve(name(number));
    }

    private static String name(int number) {
        return FakeWal.segment(number).name();
    }

    private void markReady(int first, int last) throws IOException {
        for (int number = first; number <= last; number++) {
            Files.createFile(data.resolve("pg_wal/archive_status").resolve(name(number) + ".ready"));
        }
    }

    private ArchiveServer.Builder server(ObjectStorage into) {
        Incarnation there = Repository.at(into, "main").current();
        return ArchiveServer.builder(
                folder, data.resolve("pg_wal"), WalArchiver.builder(there).build());
    }

    private ServerShell.Answer ask(ArchiveServer server, int number) throws Exception {
        return new ServerShell("sh", data).archive(server.command().line(), name(number));
    }

    private boolean isArchived(int number) {
        return incarnation.wal().header(FakeWal.name(number)).isPresent();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void tellsTheServerThatAFileIsArchivedOnceItIs(String shell) throws Exception {
        try (ArchiveServer server = server(storage).start()) {
            for (int again = 0; again < 2; again++) {
                ServerShell.Answer answer =
                        new ServerShell(shell, data).archive(server.command().line(), name(3));
                assertThat(answer).isEqualTo(new ServerShell.Answer(0, ""));
            }
            assertThat(isArchived(3)).isTrue();
            assertThat(isArchived(4)).isFalse();
            await().until(() -> server.lastArchived().isPresent());
            assertThat(server.lastArchived()).contains(name(3));
            assertThat(server.fault()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void failsWithAReasonWhileNobodyServes(String shell) throws Exception {
        String line;
        ServerShell server = new ServerShell(shell, data);
        try (ArchiveServer open = server(storage).start()) {
            line = open.command().line();
        }
        for (int again = 0; again < 2; again++) {
            ServerShell.Answer answer = server.archive(line, name(1));
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.log()).contains("pitr: " + name(1) + " is not archived: no process serves " + folder);
            Files.createDirectories(folder.resolve("ask"));
        }
        assertThat(isArchived(1)).isFalse();
    }

    @Test
    void archivesWhatIsReadyAheadWhileTheServerAsksForOne() throws Exception {
        markReady(2, LAST);
        try (ArchiveServer server = server(storage).parallelism(3).start()) {
            assertThat(ask(server, 2).status()).isZero();
            await().until(() -> IntStream.rangeClosed(2, LAST).allMatch(this::isArchived));
            for (int number = 3; number <= LAST; number++) {
                assertThat(ask(server, number).status()).isZero();
            }
        }
        assertThat(isArchived(1)).isFalse();
    }

    @Test
    void archivesNoMoreAheadThanItMay() throws Exception {
        markReady(1, LAST);
        try (ArchiveServer server = server(storage).ahead(0).start()) {
            assertThat(ask(server, 1).status()).isZero();
            assertThat(ask(server, 2).status()).isZero();
        }
        assertThat(IntStream.rangeClosed(1, LAST).filter(this::isArchived)).containsExactly(1, 2);
    }

    @Test
    void tellsTheServerWhyAFileIsRefused() throws Exception {
        byte[] other = FakeWal.bytes(FakeWal.segment(1));
        other[100_000] ^= 1;
        Files.write(wal(1), other);
        Files.write(wal(2), new byte[FakeWal.SIZE.bytes()]);
        try (ArchiveServer server = server(storage).start()) {
            ServerShell.Answer damaged = ask(server, 1);
            ServerShell.Answer empty = ask(server, 2);

            assertThat(damaged.status()).isEqualTo(1);
            assertThat(damaged.log()).contains(name(1) + " is not archived: archive.damaged:");
            assertThat(empty.status()).isEqualTo(1);
            assertThat(server.fault())
                    .get()
                    .extracting(PitrException::code)
                    .asString()
                    .startsWith("archive.");
            assertThat(ask(server, 3).status()).isZero();
            await().until(() -> server.fault().isEmpty());
        }
        assertThat(IntStream.rangeClosed(1, LAST).filter(this::isArchived)).containsExactly(3);
    }

    @Test
    void tellsTheServerThatAnotherFileIsArchivedUnderTheName() throws Exception {
        WalArchiver.builder(incarnation).build().archive(wal(1));
        byte[] other = FakeWal.otherBytes(FakeWal.segment(1), 100_000);
        Files.write(wal(1), other);
        try (ArchiveServer server = server(storage).start()) {
            assertThat(ask(server, 1).log()).contains("archive.conflict");
        }
    }

    @Test
    void passesOnAFailureOfStorageAndSucceedsWhenItIsGone() throws Exception {
        ObjectStorage failing =
                new FaultInjectingStorage(storage, FaultPlan.at(StorageCall.CREATE, 1, Fault.FAIL_BEFORE));
        try (ArchiveServer server = server(failing).ahead(0).start()) {
            ServerShell.Answer answer = ask(server, 1);
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.log()).contains(name(1) + " is not archived: storage.");
            assertThat(ask(server, 1).status()).isZero();
        }
        assertThat(isArchived(1)).isTrue();
    }

    @Test
    void triesNothingAheadAfterAFailureUntilAFileThatWasAskedForIsArchived() throws Exception {
        markReady(1, LAST);
        FaultInjectingStorage failing =
                new FaultInjectingStorage(storage, FaultPlan.at(StorageCall.CREATE, 1, Fault.FAIL_BEFORE));
        try (ArchiveServer server = server(failing).parallelism(1).start()) {
            await().until(() -> failing.struck().isPresent());
            await().during(Duration.ofMillis(600)).until(() -> !isArchived(2));

            assertThat(ask(server, 1).status()).isZero();
            await().until(() -> isArchived(LAST));
        }
    }

    /** A restored copy that runs with the original's settings asks in the same folder. */
    @Test
    void doesNotAnswerForAnotherServersFile() throws Exception {
        Path copy = root.resolve("copy");
        Files.createDirectories(copy.resolve("pg_wal"));
        Files.copy(wal(1), copy.resolve("pg_wal").resolve(name(1)));
        try (ArchiveServer server = server(storage).start()) {
            String line = server.command().line();
            assertThat(ask(server, 1).status()).isZero();

            ServerShell.Answer answer = new ServerShell("sh", copy).archive(line, name(1));

            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.log()).contains("archive.other-server").contains("A folder serves one server");
            assertThat(ask(server, 1).status()).isZero();
        }
    }

    @Test
    void doesNotTakeAnEarlierFileOfTheNameForThisOne() throws Exception {
        markReady(1, 1);
        try (ArchiveServer server = server(storage).start()) {
            await().until(() -> Files.exists(folder.resolve("ready").resolve(name(1))));
            Path other = root.resolve("other");
            byte[] bytes = FakeWal.otherBytes(FakeWal.segment(1), 100_000);
            Files.write(other, bytes);
            Files.move(other, wal(1), StandardCopyOption.REPLACE_EXISTING);

            assertThat(ask(server, 1).log()).contains("archive.conflict");
        }
    }

    @Test
    void refusesWhatIsNoWalFile() throws Exception {
        Files.writeString(data.resolve("pg_wal/passwd"), "secret");
        try (ArchiveServer server = server(storage).start()) {
            ServerShell.Answer answer =
                    new ServerShell("sh", data).archive(server.command().line(), "passwd");
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.log()).contains("archive.name").doesNotContain("secret");
        }
    }

    @Test
    void aShellThatWaitsEndsWhenServingEnds() throws Exception {
        FaultInjectingStorage slow = new FaultInjectingStorage(
                storage, FaultPlan.at(StorageCall.CREATE, 1, Fault.SLOW).delayedBy(Duration.ofMinutes(5)));
        ArchiveServer server = server(slow).start();
        Process waiting =
                new ServerShell("sh", data).startArchiving(server.command().line(), name(1));
        await().until(() -> slow.struck().isPresent());

        server.close();

        assertThat(waiting.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isEqualTo(1);
        assertThat(isArchived(1)).isFalse();
    }

    @Test
    void servesOneProcessAtATime() {
        try (ArchiveServer server = server(storage).start()) {
            assertThat(server.fault()).isEmpty();
            assertThatThrownBy(() -> server(storage).start())
                    .isInstanceOf(PitrException.class)
                    .hasMessageContaining("serves it already");
        }
        assertThat(folder).doesNotExist();
    }

    /** Whoever made it has given it an owner, which the next run needs. */
    @Test
    void emptiesAFolderThatWasThereAndLeavesIt() throws Exception {
        Files.createDirectories(folder);
        server(storage).start().close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesTheFolderToItsNextOwnerWhenItIsClosedAgain() throws Exception {
        ArchiveServer first = server(storage).start();
        first.close();
        try (ArchiveServer second = server(storage).start()) {
            first.close();
            assertThat(ask(second, 1).status()).isZero();
        }
    }

    @Test
    void checksItsOptions() {
        assertThatThrownBy(() -> server(storage).ahead(-1)).hasMessageContaining("ahead is -1");
        assertThatThrownBy(() -> server(storage).parallelism(0)).hasMessageContaining("parallelism is 0");
        assertThatThrownBy(() -> server(storage).ahead(1).ahead(1)).hasMessageContaining("ahead is set twice");
        assertThatThrownBy(() -> server(storage).parallelism(1).parallelism(1))
                .hasMessageContaining("parallelism is set twice");
        assertThatThrownBy(() -> ArchiveServer.builder(
                                Path.of("relative"),
                                data,
                                WalArchiver.builder(incarnation).build())
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not absolute");
        assertThatThrownBy(() -> ArchiveServer.builder(
                                folder,
                                data.resolve("wrong"),
                                WalArchiver.builder(incarnation).build())
                        .start())
                .isInstanceOf(PitrException.class)
                .hasMessageContaining(data.resolve("wrong").toString());
        assertThat(folder).doesNotExist();
    }

    @Test
    void printsASettingThatTheServerReadsBack() {
        ArchiveCommand command = ArchiveCommand.served(folder);
        String setting = command.setting();
        assertThat(setting).startsWith("archive_command = '");
        assertThat(List.of(
                        dev.pitr.postgres.PostgresConf.parse(setting).settings().get("archive_command")))
                .containsExactly(command.line());
    }
}
