package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlFileTest {
    @ParameterizedTest
    @EnumSource
    void readsWhatEachVersionWrites(PostgresVersion version) {
        ControlFile control = ControlFile.parse(Golden.read(version, "pg_control"));

        Instant created = Instant.ofEpochSecond(control.identity().systemIdentifier() >>> 32);
        assertThat(control.identity().version()).isEqualTo(version);
        assertThat(control.identity().segmentSize()).isEqualTo(new WalSegmentSize(1 << 20));
        assertThat(control.timeline()).isEqualTo(TimelineId.FIRST);
        assertThat(control.previousTimelineNumber()).isEqualTo(1);
        assertThat(control.redoLsn()).isLessThanOrEqualTo(control.checkpointLsn());
        assertThat(control.checkpointTime()).isBetween(created, created.plusSeconds(3600));
        assertThat(control.lastModified()).isBetween(created, created.plusSeconds(3600));
        assertThat(control.minRecoveryLsn()).isEqualTo(Lsn.ZERO);
        assertThat(control.backupStartLsn()).isEqualTo(Lsn.ZERO);
        assertThat(control.backupEndLsn()).isEqualTo(Lsn.ZERO);
        assertThat(control.requiresBackupEnd()).isFalse();
        assertThat(control.nextFullXid()).isBetween(700L, 1_000_000L);
        assertThat(control.walLevel()).isBetween(1, 2);
        assertThat(control.hasDataChecksums()).isTrue();
        assertThat(control.recoveryMinimums()).containsEntry("max_locks_per_transaction", 64);
        assertThat(control).isEqualTo(ControlFile.parse(Golden.read(version, "pg_control")));
        assertThat(control)
                .hasToString("pg_control of " + control.identity() + ", " + control.state() + ", checkpoint "
                        + control.checkpointLsn() + " on timeline 1");
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryFlippedBitThatTheChecksumCovers(PostgresVersion version) {
        byte[] contents = Golden.read(version, "pg_control");
        int covered = version == PostgresVersion.V18 ? 296 : 292;
        for (int bit = 0; bit < covered * 8; bit++) {
            byte[] damaged = contents.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(damaged, "its checksum is wrong");
        }
    }

    @Test
    void refusesAnyOtherSize() {
        byte[] contents = Golden.read(PostgresVersion.V18, "pg_control");
        assertRefused(new byte[0], "it has 0 bytes instead of 8192");
        assertRefused(Arrays.copyOf(contents, 296), "it has 296 bytes instead of 8192");
        assertRefused(Arrays.copyOf(contents, 8193), "it has 8193 bytes instead of 8192");
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertRefused(with(12, 202609999), "its catalog version 202609999 belongs to no version from 13 to 18");
        assertRefused(with(16, 7), "its state 7 is unknown");
        assertRefused(with(228, 3 << 20), "WAL segment size 3145728 is invalid");
        assertRefused(with(48, 0), "imeline");
    }

    /** A control file with one other value and a right checksum. */
    private static byte[] with(int offset, int value) {
        byte[] contents = Golden.read(PostgresVersion.V18, "pg_control");
        ByteBuffer bytes = ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(offset, value);
        CRC32C crc = new CRC32C();
        crc.update(contents, 0, 292);
        bytes.putInt(292, (int) crc.getValue());
        return contents;
    }

    private static void assertRefused(byte[] contents, String why) {
        assertThatThrownBy(() -> ControlFile.parse(contents))
                .isInstanceOfSatisfying(
                        ServerFileException.class, e -> assertThat(e.code()).isEqualTo("postgres.bad-control-file"))
                .hasMessageStartingWith("Cannot use pg_control: ")
                .hasMessageContaining(why);
    }
}
