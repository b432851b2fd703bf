package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalFileNameTest {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);
    private static final WalSegmentSize GIB = new WalSegmentSize(1 << 30);
    private static final WalSegment SEGMENT = WalSegment.parse("0000000A0000000100000FFF", MIB);

    @Test
    void tellsTheKindsApart() {
        assertThat(WalFileName.parse("0000000A0000000100000FFF", MIB)).isEqualTo(new WalFileName.Segment(SEGMENT));
        assertThat(WalFileName.parse("0000000A0000000100000FFF.partial", MIB))
                .isEqualTo(new WalFileName.Partial(SEGMENT));
        assertThat(WalFileName.parse("0000000A.history", MIB)).isEqualTo(new WalFileName.History(new TimelineId(10)));
        assertThat(WalFileName.parse("0000000A0000000100000FFF.000FFFFF.backup", MIB))
                .isEqualTo(new WalFileName.BackupHistory(SEGMENT, 0xFFFFF));
        assertThat(WalFileName.parse("0000000A.history", MIB).timeline()).isEqualTo(new TimelineId(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "RECOVERYXLOG",
                "xlogtemp.123",
                "0000000A0000000100000FFF.ready",
                "0000000A0000000100000FFF.gz",
                "0000000A0000000100000FFF.gz.partial",
                "0000000A0000000100000fff.partial",
                "0000000a.history",
                "00000001.history",
                "00000000.history",
                "0000000A.History",
                "000000000000000100000FFF",
                "0000000A0000000100001000",
                "0000000A0000000100001000.partial",
                "0000000A0000000100000FFF.00100000.backup",
                "0000000A0000000100000FFF.28.backup",
                "0000000A0000000100000FFF_00000028.backup",
                "0000000A0000000100000FFF.0000002g.backup",
                "/0000000A.history",
                "0000000A.history ",
                "../0000000A.history",
                "0000000A0000000100000FFF.partial.partial"
            })
    void refusesWhatNoServerArchives(String name) {
        assertThat(WalFileName.find(name, MIB)).isEmpty();
        assertThatThrownBy(() -> WalFileName.parse(name, MIB))
                .isInstanceOf(WalFormatException.class)
                .hasMessageStartingWith("\"" + name + "\" is no name of a file that a server archives");
    }

    @Test
    void theOffsetOfABackupMayReachTheEndOfTheSegment() {
        String name = "000000010000000100000003.3FFFFFFF.backup";
        assertThat(WalFileName.parse(name, GIB).name()).isEqualTo(name);
        assertThat(WalFileName.find("000000010000000100000003.40000000.backup", GIB))
                .isEmpty();
    }

    @ParameterizedTest
    @FieldSource("dev.pitr.wal.WalSamples#ALL")
    void parsesEveryNameOfRealServers(String sample) {
        for (WalSamples.SegmentStart start : WalSamples.segments(sample)) {
            assertThat(WalFileName.parse(start.name(), MIB).name()).isEqualTo(start.name());
        }
    }
}
