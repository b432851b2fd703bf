package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class WalPageHeaderTest {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);

    @ParameterizedTest
    @FieldSource("dev.pitr.wal.WalSamples#ALL")
    void readsTheStartOfEverySegmentOfRealServers(String sample) {
        Set<Long> systemIdentifiers = new HashSet<>();
        for (WalSamples.SegmentStart start : WalSamples.segments(sample)) {
            WalPageHeader header = WalPageHeader.parse(start.header());
            WalSegment segment = WalSegment.parse(start.name(), MIB);
            assertThat(header.version()).isEqualTo(WalSamples.version(sample));
            assertThat(header.address()).isEqualTo(segment.start());
            assertThat(header.timeline()).isLessThanOrEqualTo(segment.timeline());
            assertThat(header.segmentSize()).isEqualTo(MIB);
            systemIdentifiers.add(header.systemIdentifier());
        }
        assertThat(systemIdentifiers).hasSize(1);
    }

    @Test
    void theFirstSegmentOfATimelineStillBearsItsParent() {
        WalSamples.SegmentStart start = WalSamples.segments("timelines-v17").stream()
                .filter(s -> s.name().startsWith("00000003"))
                .findFirst()
                .orElseThrow();
        assertThat(WalPageHeader.parse(start.header()).timeline()).isEqualTo(TimelineId.FIRST);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00, wal.format.magic, 'WAL page has magic D100, which is none of PostgreSQL 13 to 18'",
        "0, 21, wal.format.magic, 'WAL page has magic D121, which is none of PostgreSQL 13 to 18'",
        "2, 05, wal.format.page, 'WAL page header is invalid: it lacks the flag that marks the first page of a segment'",
        "2, 12, wal.format.page, 'WAL page header is invalid: unknown flags 0012'",
        "4, 00, wal.format.page, 'WAL page header is invalid: Timeline 0 is out of range: expected 1 to 4294967295'",
        "34, 30, wal.format.page, 'WAL page header is invalid: WAL segment size 3145728 is invalid: expected a power of two from 1 MiB to 1 GiB'",
        "37, 40, wal.format.page, 'WAL page header is invalid: WAL block size 16384, expected 8192'",
    })
    void refusesWhatIsNoStartOfASegment(int offset, String hexByte, String code, String message) {
        byte[] bytes = WalSamples.segments("v18").get(0).header();
        bytes[offset] = (byte) Integer.parseInt(hexByte, 16);
        assertThatThrownBy(() -> WalPageHeader.parse(bytes))
                .isInstanceOf(WalFormatException.class)
                .hasMessage(message)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo(code);
    }

    @Test
    void recognisesAndRefusesBigEndianWal() {
        byte[] bytes = WalSamples.segments("v18").get(0).header();
        byte low = bytes[0];
        bytes[0] = bytes[1];
        bytes[1] = low;
        assertThatThrownBy(() -> WalPageHeader.parse(bytes))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("WAL page was written on a big-endian machine, which is not supported");
    }

    @Test
    void refusesBytesThatAreCutShort() {
        byte[] bytes = WalSamples.segments("v18").get(0).header();
        assertThat(WalPageHeader.parse(Arrays.copyOf(bytes, 41))).isEqualTo(WalPageHeader.parse(bytes));
        assertThatThrownBy(() -> WalPageHeader.parse(Arrays.copyOf(bytes, 39)))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("WAL page header is cut short: 39 bytes, expected 40");
    }
}
