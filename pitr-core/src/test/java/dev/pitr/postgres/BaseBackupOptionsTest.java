package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.PostgresVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseBackupOptionsTest {
    @Test
    void asksInTheWordsOfOlderServers() {
        BaseBackupOptions options = BaseBackupOptions.builder()
                .label("it's")
                .maxRateKibibytesPerSecond(32)
                .manifestChecksum(ManifestChecksum.SHA256)
                .skipPageChecksums()
                .build();
        assertThat(BaseBackupCommand.text(options, PostgresVersion.V14))
                .isEqualTo("BASE_BACKUP LABEL 'it''s' PROGRESS FAST NOWAIT MANIFEST 'yes' MANIFEST_CHECKSUMS 'SHA256'"
                        + " TABLESPACE_MAP MAX_RATE 32 NOVERIFY_CHECKSUMS");
    }

    @Test
    void asksByNamedOptionsSince15() {
        BaseBackupOptions options =
                BaseBackupOptions.builder().checkpoint(CheckpointPace.SPREAD).build();
        assertThat(BaseBackupCommand.text(options, PostgresVersion.V15))
                .isEqualTo("BASE_BACKUP (LABEL 'pitr base backup', PROGRESS true, CHECKPOINT 'spread', WAIT false,"
                        + " MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C', TABLESPACE_MAP true)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000b"})
    void refusesLabelsThatWouldBreakTheBackupLabel(String label) {
        assertThatThrownBy(() -> BaseBackupOptions.builder().label(label).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be one line of 1 to 1024 bytes");
    }

    @Test
    void boundsLabelAndRateAsTheServerDoes() {
        BaseBackupOptions.builder().label("é".repeat(512)).build();
        assertThatThrownBy(() ->
                        BaseBackupOptions.builder().label("é".repeat(512) + "x").build())
                .hasMessageContaining("1025 bytes");
        BaseBackupOptions.builder().maxRateKibibytesPerSecond(1 << 20).build();
        assertThatThrownBy(() -> BaseBackupOptions.builder()
                        .maxRateKibibytesPerSecond(31)
                        .build())
                .hasMessage("Cannot limit the rate to 31 KiB/s: PostgreSQL takes 32 to 1048576.");
        assertThatThrownBy(() -> BaseBackupOptions.builder()
                        .maxRateKibibytesPerSecond((1 << 20) + 1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnOptionSetTwice() {
        assertThatThrownBy(() -> BaseBackupOptions.builder().label("a").label("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("label is set twice");
        assertThatThrownBy(() -> BaseBackupOptions.builder().skipPageChecksums().skipPageChecksums())
                .isInstanceOf(IllegalStateException.class);
    }
}
