package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.restore.RestoreResult.Neutralised;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsDecisionTest {
    @TempDir
    Path data;

    @BeforeEach
    void writeEmptyFiles() throws IOException {
        inherit("");
    }

    private void inherit(String postgresqlConf) throws IOException {
        Files.writeString(data.resolve("postgresql.conf"), postgresqlConf);
    }

    private SettingsDecision decide(PostgresVersion version, RestoredRole role, Map<String, String> chosen) {
        return SettingsDecision.of(
                InheritedSettings.read(data, Map.of()),
                version,
                role,
                Map.of("recovery_target_name", "here", "restore_command", "fetch %f"),
                chosen);
    }

    private SettingsDecision copy() {
        return decide(PostgresVersion.V18, RestoredRole.COPY, Map.of());
    }

    @Test
    void keepsACopyFromArchivingWhereTheOriginalArchives() throws IOException {
        inherit("archive_mode = always\narchive_command = 'cp %p /archive/%f'\narchive_library = basic_archive\n");
        SettingsDecision decision = copy();
        assertThat(decision.lines())
                .containsEntry("archive_mode", "off")
                .containsEntry("archive_command", "")
                .containsEntry("archive_library", "");
        assertThat(decision.neutralised())
                .extracting(Neutralised::name)
                .contains("archive_mode", "archive_command", "archive_library");
    }

    @Test
    void namesNothingThatWasHarmless() {
        assertThat(copy().neutralised())
                .extracting(Neutralised::name)
                .containsExactly("max_logical_replication_workers");
    }

    @Test
    void unsetsInheritedTargetsSinceTwoAreFatal() throws IOException {
        inherit("recovery_target_time = '2020-01-01 00:00:00+00'\nrecovery_target_xid = '4711'\n");
        assertThat(copy().lines())
                .containsEntry("recovery_target_time", "")
                .containsEntry("recovery_target_xid", "")
                .containsEntry("recovery_target_name", "here")
                .containsEntry("restore_command", "fetch %f");
    }

    @Test
    void keepsCapacitiesThatStoodOnTheCommandLineOfTheOriginal() throws IOException {
        inherit("max_wal_senders = 20\n");
        SettingsDecision decision = SettingsDecision.of(
                InheritedSettings.read(data, Map.of("max_connections", "300", "max_wal_senders", "20")),
                PostgresVersion.V18,
                RestoredRole.COPY,
                Map.of(),
                Map.of());
        assertThat(decision.lines()).containsEntry("max_connections", "300").doesNotContainKey("max_wal_senders");
        assertThat(decision.neutralised())
                .anySatisfy(n -> assertThat(n.name() + n.was() + n.now()).isEqualTo("max_connections100300"));
    }

    @Test
    void showsNoSecretOfWhatItOverrides() throws IOException {
        inherit("primary_conninfo = 'host=a password=hush'\nrecovery_end_command = 'curl -u u:hush'\n");
        assertThat(copy().neutralised().toString())
                .contains("primary_conninfo", "recovery_end_command")
                .doesNotContain("hush");
    }

    @Test
    void writesOnlySettingsThatTheVersionKnows() {
        assertThat(decide(PostgresVersion.V14, RestoredRole.COPY, Map.of()).lines())
                .containsKey("promote_trigger_file")
                .doesNotContainKey("archive_library");
        assertThat(decide(PostgresVersion.V15, RestoredRole.COPY, Map.of()).lines())
                .containsKeys("promote_trigger_file", "archive_library");
        assertThat(decide(PostgresVersion.V16, RestoredRole.COPY, Map.of()).lines())
                .doesNotContainKey("promote_trigger_file");
    }

    @Test
    void keepsSubscriptionsOfACopyStillButNotOfAStandby() {
        assertThat(copy().lines()).containsEntry("max_logical_replication_workers", "0");
        assertThat(decide(PostgresVersion.V18, RestoredRole.STANDBY, Map.of()).lines())
                .doesNotContainKey("max_logical_replication_workers");
    }

    @Test
    void letsTheCallerWin() throws IOException {
        inherit("primary_conninfo = 'host=a'\n");
        SettingsDecision decision =
                decide(PostgresVersion.V18, RestoredRole.STANDBY, Map.of("primary_conninfo", "host=b"));
        assertThat(decision.lines()).containsEntry("primary_conninfo", "host=b");
        assertThat(decision.neutralised()).isEmpty();
        assertThat(decision.lines().keySet()).last().isEqualTo("primary_conninfo");
    }

    @Test
    void movesWhatWouldWriteIntoFoldersOfTheOriginal() throws IOException {
        inherit("""
                external_pid_file = '/run/original.pid'
                log_directory = '/var/log/postgresql'
                stats_temp_directory = '/run/stats'
                unix_socket_directories = '/no/such/folder'
                """);
        assertThat(decide(PostgresVersion.V14, RestoredRole.COPY, Map.of()).lines())
                .containsEntry("external_pid_file", "")
                .containsEntry("log_directory", "log")
                .containsEntry("stats_temp_directory", "pg_stat_tmp")
                .containsEntry("unix_socket_directories", "/tmp");
    }

    @Test
    void turnsTlsOffOnlyWhereItsFilesAreAbsent() throws IOException {
        inherit("ssl = on\n");
        assertThat(copy().lines()).containsEntry("ssl", "off");
        Files.writeString(data.resolve("server.crt"), "");
        Files.writeString(data.resolve("server.key"), "");
        assertThat(copy().lines()).doesNotContainKey("ssl");
    }

    @Test
    void readsIncludedFilesAndWhatAlterSystemWrote() throws IOException {
        Files.createDirectory(data.resolve("conf.d"));
        Files.writeString(data.resolve("conf.d/a.conf"), "port = 1111\nexternal_pid_file = '/a'\n");
        inherit("include_dir 'conf.d'\ninclude_if_exists 'none'\ninclude 'gone.conf'\n");
        Files.writeString(data.resolve("postgresql.auto.conf"), "port = '2222'\n");
        InheritedSettings inherited = InheritedSettings.read(data, Map.of("wal_level", "logical", "port", "3333"));
        assertThat(inherited.value("port")).contains("2222");
        assertThat(inherited.value("external_pid_file")).contains("/a");
        assertThat(inherited.value("wal_level")).contains("logical");
        assertThat(inherited.missingIncludes())
                .containsExactly(data.resolve("gone.conf").toString());
        assertThat(copy().warnings()).singleElement().asString().contains("port 2222, as the original does");
    }
}
