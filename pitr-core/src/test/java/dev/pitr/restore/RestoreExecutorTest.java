package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.Fault;
import dev.pitr.testkit.FaultInjectingStorage;
import dev.pitr.testkit.FaultPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RestoreExecutorTest {
    @TempDir
    Path folder;

    private final InMemoryStorage storage = new InMemoryStorage();

    private Path target() {
        return folder.resolve("data");
    }

    private Path space() {
        return folder.resolve("data-tablespaces/16390");
    }

    private RestoreExecutorBuilder restore(Incarnation incarnation) {
        return RestoreExecutor.builder(HandMadeBackup.plan(incarnation), incarnation, target())
                .jobs(2)
                .wal(new WalDelivery.Staged());
    }

    private RestoreExecutorBuilder restore() {
        return restore(new HandMadeBackup().store(storage));
    }

    private void assertRestored() {
        assertThat(target().resolve("global/pg_control")).hasContent("control");
        assertThat(target().resolve("base/5/1259")).hasContent("x".repeat(20_000));
        assertThat(target().resolve("recovery.signal")).isEmptyFile();
        assertThat(target().resolve("pg_wal/archive_status")).isEmptyDirectory();
        assertThat(target().resolve("tablespace_map")).hasContent("16390 " + space());
        assertThat(space().resolve("PG_18_202506291/5/16400")).hasContent("rows in a tablespace");
        assertThat(target().resolve(".pitr-restore")).doesNotExist();
        assertThat(space().resolve(".pitr-restore")).doesNotExist();
    }

    private static void assertCode(Throwable thrown, String code) {
        assertThat(thrown).isInstanceOf(RestoreException.class);
        assertThat(((PitrException) thrown).code()).isEqualTo(code);
    }

    @Test
    void bringsEverythingToItsPlace() {
        try (RestoreResult result = restore().setting("port", "6543").build().execute()) {
            assertRestored();
            assertThat(result.dataDirectory()).isEqualTo(target());
            assertThat(result.tablespaces()).isEqualTo(Map.of(16390L, space()));
            assertThat(target().resolve("postgresql.auto.conf"))
                    .content()
                    .contains("# by ALTER SYSTEM", "archive_mode = 'off'", "recovery_target = 'immediate'")
                    .contains("port = '6543'", "primary_conninfo = ''", "archive_command = ''")
                    .doesNotContain("secret");
            assertThat(result.neutralised())
                    .extracting(RestoreResult.Neutralised::name)
                    .contains("archive_command", "primary_conninfo");
            assertThat(result.describe()).contains(target().toString()).doesNotContain("secret", "/var/archive");
            assertThat(result.startCommand()).startsWith("pg_ctl start -D " + target());
        }
    }

    @Test
    void makesAStandbyIfAsked() {
        try (RestoreResult result = restore().role(RestoredRole.STANDBY).build().execute()) {
            assertThat(target().resolve("standby.signal")).exists();
            assertThat(target().resolve("recovery.signal")).doesNotExist();
            assertThat(result.warnings()).noneMatch(w -> w.contains("port"));
        }
    }

    @Test
    void leavesATargetAloneThatIsNotEmpty() throws IOException {
        Files.createDirectories(target());
        Files.writeString(target().resolve("precious"), "x");
        RestoreExecutor restore = restore().build();
        assertThat(restore.preflight().isClear()).isFalse();
        assertCode(catchThrowable(restore::execute), "restore.target-not-empty");
        try (Stream<Path> left = Files.list(target())) {
            assertThat(left).containsExactly(target().resolve("precious"));
        }
    }

    @Test
    void leavesATablespaceFolderAloneThatIsNotEmpty() throws IOException {
        Files.createDirectories(space());
        Files.writeString(space().resolve("precious"), "x");
        assertCode(catchThrowable(restore().build()::execute), "restore.target-not-empty");
        assertThat(target()).doesNotExist();
    }

    @Test
    void refusesToRestoreOverARestoredCluster() {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        restore(incarnation).build().execute().close();
        assertCode(catchThrowable(restore(incarnation).build()::execute), "restore.target-not-empty");
    }

    @Test
    void tellsThatSpaceIsLackingBeforeTheFirstByte() {
        Incarnation incarnation = new HandMadeBackup().rawSizeBytes(1L << 60).store(storage);
        Preflight preflight = restore(incarnation).build().preflight();
        assertThat(preflight.findings()).extracting(Finding::code).contains("restore.no-space");
        assertThat(preflight.describe())
                .contains("are needed on that filesystem")
                .contains(target().toString());
        assertCode(catchThrowable(restore(incarnation).build()::execute), "restore.no-space");
        assertThat(target()).doesNotExist();
    }

    @Test
    void tellsThatAnObjectIsMissingBeforeTheFirstByte() {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        RestoreExecutor restore = restore(incarnation).build();
        storage.delete(List.of(key("base/00002.tar")));
        Throwable thrown = catchThrowable(restore::execute);
        assertCode(thrown, "restore.missing-object");
        assertThat(thrown).hasMessageContaining("base/00002.tar should have").hasMessageContaining("is absent");
        assertThat(target()).doesNotExist();
    }

    private ObjectKey key(String suffix) {
        try (Stream<ObjectInfo> objects = storage.list("", "")) {
            return objects.map(ObjectInfo::key)
                    .filter(k -> k.value().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void checksTheBinariesThatItIsGiven() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("pg/bin"));
        Incarnation incarnation =
                new HandMadeBackup().preloadLibrary("pg_stat_statements").store(storage);
        assertThat(codes(incarnation, bin)).contains("restore.no-server");
        Path postgres = Files.writeString(bin.resolve("postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 17.6'\n");
        assertThat(postgres.toFile().setExecutable(true)).isTrue();
        assertThat(codes(incarnation, bin)).contains("restore.other-major", "restore.no-library");
        Files.writeString(bin.resolve("postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 18.3'\n");
        Files.createDirectories(folder.resolve("pg/lib"));
        Files.writeString(folder.resolve("pg/lib/pg_stat_statements.so"), "");
        assertThat(codes(incarnation, bin)).doesNotContain("restore.other-major", "restore.no-library");
    }

    private List<String> codes(Incarnation incarnation, Path bin) {
        return restore(incarnation).serverBinaries(bin).build().preflight().findings().stream()
                .map(Finding::code)
                .toList();
    }

    @Test
    void refusesABackupWhosePartsLackAFile() {
        Incarnation incarnation = new HandMadeBackup().lacking("base/5/4711").store(storage);
        Throwable thrown = catchThrowable(restore(incarnation).build()::execute);
        assertCode(thrown, "restore.missing-file");
        assertThat(thrown).hasMessageContaining("lack 1 files that its manifest lists, such as base/5/4711");
        assertThat(target().resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void detectsADamagedPartAndGoesOnOnceItIsWhole() throws IOException {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        ObjectKey key = key("base/00002.tar");
        byte[] whole = storage.open(key).readAllBytes();
        byte[] damaged = whole.clone();
        damaged[10_000] ^= 1;
        storage.put(key, Content.of(damaged));
        assertThatThrownBy(restore(incarnation).build()::execute).isInstanceOf(RestoreException.class);
        assertThat(target().resolve("global/pg_control")).doesNotExist();
        storage.put(key, Content.of(whole));
        RestoreExecutor again = restore(incarnation).build();
        assertThat(again.preflight().resumesInterruptedRestore()).isTrue();
        again.execute().close();
        assertRestored();
    }

    @Test
    void stagesNoMoreThanThePlanThoughAnInterruptedRestoreHadAnother() throws IOException {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        ObjectKey key = key("base/00002.tar");
        byte[] whole = storage.open(key).readAllBytes();
        storage.put(key, Content.of(new byte[whole.length]));
        assertThatThrownBy(restore(incarnation).build()::execute).isInstanceOf(RestoreException.class);
        storage.put(key, Content.of(whole));
        Path staged = Files.createDirectory(folder.resolve("data-wal/staged"));
        Files.createFile(staged.resolve("0000000100000000000000FF"));

        try (RestoreResult result = restore(incarnation).build().execute();
                Stream<Path> files = Files.list(staged)) {
            assertThat(result.walFolder()).isEqualTo(staged.getParent());
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("planned-names")
                    .hasSizeGreaterThan(1)
                    .doesNotContain("0000000100000000000000FF");
        }
    }

    @Test
    void doesNotMixWithAnInterruptedRestoreIntoOtherTablespaceFolders() {
        Incarnation incarnation = new HandMadeBackup().lacking("base/5/4711").store(storage);
        assertCode(catchThrowable(restore(incarnation).build()::execute), "restore.missing-file");
        RestoreExecutor other = restore(incarnation)
                .tablespace(16390, folder.resolve("elsewhere"))
                .build();
        assertThatThrownBy(other::execute)
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("an interrupted restore with another backup or other tablespace folders");
    }

    @Test
    void letsOneRestoreWorkAtATargetAtATime() {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        List<Throwable> second = new ArrayList<>();
        RestoreExecutor other = restore(incarnation).build();
        restore(incarnation)
                .progress(progress -> {
                    if (second.isEmpty()) {
                        second.add(catchThrowable(other::execute));
                    }
                })
                .build()
                .execute()
                .close();
        assertThat(second).singleElement().satisfies(e -> assertCode(e, "restore.already-running"));
        assertRestored();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL_BEFORE", "FAIL_AFTER", "TEAR"})
    void continuesAfterAFaultAtAnyStorageCall(Fault fault) throws IOException {
        new HandMadeBackup().store(storage);
        int calls = countCalls();
        for (int position = 1; position <= calls; position++) {
            clear();
            FaultInjectingStorage broken = new FaultInjectingStorage(storage, FaultPlan.at(position, fault));
            Throwable thrown = catchThrowable(() -> run(broken));
            if (thrown != null) {
                assertThat(thrown).as("%s at %d", fault, position).isInstanceOf(PitrException.class);
                assertThat(target().resolve("global/pg_control")).doesNotExist();
                run(storage);
            }
            assertRestored();
        }
    }

    private int countCalls() throws IOException {
        FaultInjectingStorage counting = new FaultInjectingStorage(storage, FaultPlan.none());
        run(counting);
        return counting.callCount();
    }

    private void run(ObjectStorage from) {
        Incarnation incarnation = Repository.at(from, "test").current();
        RestoreExecutor.builder(HandMadeBackup.plan(incarnation), incarnation, target())
                .jobs(1)
                .wal(new WalDelivery.Staged())
                .build()
                .execute()
                .close();
    }

    private void clear() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!path.equals(folder)) {
                    Files.delete(path);
                }
            }
        }
    }

    /** What a crash leaves may be any prefix of each file: each file is cut, or removed, after an interrupted run. */
    @Test
    void repairsWhateverACrashLeftOfAnyFile() throws IOException {
        Incarnation good = new HandMadeBackup().store(storage);
        ObjectKey index = key("parts.json.zst");
        byte[] whole = storage.open(key("base/00002.tar")).readAllBytes();
        assertThat(index).isNotNull();
        Map<String, byte[]> left = leftovers(whole);
        for (String name : left.keySet()) {
            for (int keep : new int[] {-1, 0, left.get(name).length / 2}) {
                clear();
                write(left);
                Path file = folder.resolve(name);
                if (keep < 0) {
                    Files.delete(file);
                } else {
                    Files.write(file, java.util.Arrays.copyOf(left.get(name), keep));
                }
                Throwable thrown =
                        catchThrowable(() -> restore(good).build().execute().close());
                if (name.contains(".pitr-restore/restore")) {
                    continue;
                }
                assertThat(thrown).as("%s cut to %d", name, keep).isNull();
                assertRestored();
            }
        }
    }

    /** Every file that a run leaves which fails at its last part. */
    private Map<String, byte[]> leftovers(byte[] whole) throws IOException {
        ObjectKey part = key("base/00002.tar");
        byte[] damaged = whole.clone();
        damaged[damaged.length - 1] ^= 1;
        storage.put(part, Content.of(damaged));
        assertThatThrownBy(() -> run(storage)).isInstanceOf(RestoreException.class);
        storage.put(part, Content.of(whole));
        Map<String, byte[]> left = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                left.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        assertThat(left.keySet()).hasSizeGreaterThan(10);
        return left;
    }

    private void write(Map<String, byte[]> files) {
        files.forEach((name, content) -> {
            try {
                Files.createDirectories(folder.resolve(name).getParent());
                Files.write(folder.resolve(name), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void endsPromptlyWhenInterruptedAndCanGoOn() {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        RestoreExecutor restore = restore(incarnation)
                .progress(progress -> {
                    if (progress.phase().equals("making files durable")) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();
        assertThatThrownBy(restore::execute).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target().resolve("global/pg_control")).doesNotExist();
        restore(incarnation).build().execute().close();
        assertRestored();
    }

    @Test
    void checksItsOptions() {
        Incarnation incarnation = new HandMadeBackup().store(storage);
        RestorePlan plan = HandMadeBackup.plan(incarnation);
        assertThatThrownBy(() -> restore(incarnation).jobs(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("jobs is set twice");
        assertThatThrownBy(() ->
                        RestoreExecutor.builder(plan, incarnation, target()).jobs(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("jobs is 0: expected 1 to 64");
        assertThatThrownBy(() ->
                        RestoreExecutor.builder(plan, incarnation, target()).jobs(65))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> restore(incarnation).tablespace(4711, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tablespace is 4711: expected one of [16390]");
        assertThatThrownBy(() -> restore(incarnation)
                        .tablespace(16390, target().resolve("inside"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it lies in " + target());
        assertThatThrownBy(() -> restore(incarnation).setting("restore_command", "true"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> restore(incarnation).setting("recovery_target", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none that the plan decides");
        assertThatThrownBy(() -> restore(incarnation).owner("no-such-user"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"no-such-user\" is unknown on this machine");
    }
}
