package dev.pitr.wal;

import dev.pitr.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Texts that name WAL, damaged at random: each parser accepts them or says what is wrong. */
class HostileTextTest {
    @Test
    void refusesDamagedTimelineHistories() {
        Fuzz.of(
                        "timeline history",
                        Fuzz.texts(
                                "1\t0/D00090\tbefore 2026-11-20 12:00:00+00\n\n2\t0/C00090\tno recovery target specified\n",
                                "# comment\n1\t2A/FF000000\tat restore point \"x\"\n"))
                .run(bytes -> TimelineHistory.parse(new TimelineId(3), new String(bytes, StandardCharsets.UTF_8)));
    }

    @Test
    void refusesDamagedFileNames() {
        Fuzz.of(
                        "WAL file name",
                        Fuzz.texts(
                                "000000010000002A000000FF",
                                "000000010000002A000000FF.partial",
                                "000000010000002A000000FF.00000028.backup",
                                "00000002.history"))
                .run(bytes -> WalFileName.parse(new String(bytes, StandardCharsets.UTF_8), WalSegmentSize.DEFAULT));
    }

    @Test
    void refusesDamagedPositions() {
        Fuzz.of("LSN", Fuzz.texts("0/0", "FFFFFFFF/FFFFFFFF", "2A/1"))
                .run(bytes -> Lsn.parse(new String(bytes, StandardCharsets.UTF_8)));
    }
}
