package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupLabelTest {
    private static final String START = "START WAL LOCATION: 2A/FF000028 (file 0000000B0000002A000000FF)\n";
    private static final String CHECKPOINT = "CHECKPOINT LOCATION: 2A/FF000080\n";

    @ParameterizedTest
    @EnumSource
    void readsWhatEachVersionWrites(PostgresVersion version) {
        BackupLabel label = BackupLabel.parse(Golden.read(version, "backup_label"));

        assertThat(label.startWalFile()).startsWith("00000001");
        assertThat(label.checkpointLsn()).isGreaterThan(label.startLsn());
        assertThat(label.startTimeline()).isEqualTo(TimelineId.FIRST);
        assertThat(label.method()).contains("streamed");
        assertThat(label.takenFrom()).contains(version == PostgresVersion.V13 ? "master" : "primary");
        assertThat(label.isFromStandby()).isFalse();
        assertThat(label.label()).contains("pg_basebackup base backup");
        assertThat(label.startTime())
                .hasValueSatisfying(time -> assertThat(time).endsWith(" UTC"));
        assertThat(label.incrementalFromLsn()).isEmpty();
    }

    @Test
    void takesTheTimelineFromTheFileName() {
        BackupLabel label = parse(START + CHECKPOINT + "BACKUP FROM: standby\nSTART TIMELINE: 11\n");
        assertThat(label.startLsn()).isEqualTo(Lsn.parse("2A/FF000028"));
        assertThat(label.startTimeline()).isEqualTo(new TimelineId(11));
        assertThat(label.isFromStandby()).isTrue();
        assertThat(label.method()).isEmpty();
    }

    @Test
    void knowsIncrementalBackups() {
        BackupLabel label = parse(START + CHECKPOINT + "LABEL: x\nSTART TIMELINE: 11\n"
                + "INCREMENTAL FROM LSN: 2A/1000028\nINCREMENTAL FROM TLI: 11\n");
        assertThat(label.incrementalFromLsn()).contains(Lsn.parse("2A/1000028"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                START,
                CHECKPOINT + START,
                "\n" + START + CHECKPOINT,
                "START WAL LOCATION: 2A/FF000028 (file 0000000B0000002A000000FF)\r\n" + CHECKPOINT,
                "START WAL LOCATION: 2A/FF000028 (file 0000000B0000002A000000F)\n" + CHECKPOINT,
                "START WAL LOCATION: 2A/FF000028 (file 000000000000002A000000FF)\n" + CHECKPOINT,
                START + "CHECKPOINT LOCATION: nowhere\n",
                START + "CHECKPOINT LOCATION: 2A/FF000080",
                START + CHECKPOINT + "START TIMELINE: 12\n",
                START + CHECKPOINT + "START TIMELINE: x\n",
                START + CHECKPOINT + "INCREMENTAL FROM LSN: x\n",
            })
    void refusesWhatTheServerWouldNotTake(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        ServerFileException.class, e -> assertThat(e.code()).isEqualTo("postgres.bad-backup-label"))
                .hasMessageStartingWith("Cannot use the backup label: ");
    }

    @Test
    void refusesTruncationWithinTheTwoLinesThatMustBeThere() {
        byte[] label = Golden.read(PostgresVersion.V18, "backup_label");
        int mandatory = new String(label, StandardCharsets.UTF_8).indexOf("BACKUP METHOD");
        for (int length = 0; length < mandatory; length++) {
            byte[] cut = Arrays.copyOf(label, length);
            assertThatThrownBy(() -> BackupLabel.parse(cut)).isInstanceOf(ServerFileException.class);
        }
    }

    private static BackupLabel parse(String text) {
        return BackupLabel.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
