package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.archive.WalRejectedException.Reason;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSamples;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalFileCheckTest {
    private static final WalSegment SEGMENT = FakeWal.segment(7);

    @TempDir
    Path folder;

    @Test
    void acceptsAWholeSegmentOfTheCluster() {
        assertThatCode(() -> check(SEGMENT.name(), bytes -> bytes)).doesNotThrowAnyException();
        assertThatCode(() -> check(SEGMENT.name() + ".partial", bytes -> bytes)).doesNotThrowAnyException();
    }

    @Test
    void acceptsTheFirstSegmentOfATimelineWhichBeginsAsItsParent() {
        assertThatCode(() -> check(SEGMENT.on(new TimelineId(9)).name(), bytes -> bytes))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, OTHER_VERSION, it was written by PostgreSQL 17",
        "0, 77, OTHER_VERSION, 'WAL page has magic D177'",
        "2, 00, FORMAT, it lacks the flag",
        "4, 02, TIMELINE, 'it begins on timeline 2, later than timeline 1 of its name'",
        "10, 60, POSITION, 'it begins at 0/600000, a file of this name must begin at 0/700000'",
        "24, 00, OTHER_CLUSTER, it belongs to the cluster with system identifier",
        "34, 20, SEGMENT_SIZE, 'it says that segments have 2097152 bytes, expected 1048576'",
    })
    void refusesASegmentWithAWrongHeader(int offset, String hexByte, Reason reason, String detail) {
        assertRejected(SEGMENT.name(), reason, detail, bytes -> {
            bytes[offset] = (byte) Integer.parseInt(hexByte, 16);
            return bytes;
        });
    }

    @Test
    void refusesASegmentOfWrongLength() {
        assertRejected(SEGMENT.name(), Reason.TRUNCATED, "it has 1048575 bytes", b -> Arrays.copyOf(b, b.length - 1));
        assertRejected(SEGMENT.name(), Reason.TRUNCATED, "cut short: 39 bytes", b -> Arrays.copyOf(b, 39));
        assertRejected(SEGMENT.name(), Reason.TRUNCATED, "cut short: 0 bytes", b -> new byte[0]);
        assertRejected(SEGMENT.name(), Reason.TOO_LONG, "it has 1048577 bytes", b -> Arrays.copyOf(b, b.length + 1));
        assertRejected(SEGMENT.name() + ".partial", Reason.TRUNCATED, "it has 40 bytes", b -> Arrays.copyOf(b, 40));
    }

    @Test
    void refusesZeroBytesAsNoWal() {
        assertRejected(SEGMENT.name(), Reason.FORMAT, "WAL page has magic 0000", b -> new byte[b.length]);
    }

    @ParameterizedTest
    @CsvSource({"v13, 000000010000000000000014.00000028.backup", "v18, 000000010000000000000017.00000028.backup"})
    void acceptsBackupHistoriesOfRealServers(String sample, String name) {
        byte[] text = WalSamples.text(sample + "/" + name).getBytes(StandardCharsets.ISO_8859_1);
        assertThatCode(() -> check(name, bytes -> text)).doesNotThrowAnyException();
        assertRejected(name.replace(".00000028", ".00000060"), Reason.POSITION, "it is of a backup", bytes -> text);
        assertRejected(name, Reason.FORMAT, "begin with the start", bytes -> new byte[0]);
    }

    @Test
    void acceptsHistoriesOfRealServersAndRefusesOthers() {
        byte[] text = WalSamples.text("timelines-v17/00000003.history").getBytes(StandardCharsets.ISO_8859_1);
        assertThatCode(() -> check("00000003.history", bytes -> text)).doesNotThrowAnyException();
        assertRejected("00000002.history", Reason.FORMAT, "parent 2 must lie between 1 and 2", bytes -> text);
        assertRejected("00000003.history", Reason.TRUNCATED, "it names no parent of timeline 3", b -> new byte[0]);
        assertRejected(
                "00000003.history", Reason.FORMAT, "in line 1", b -> "1\t0/".getBytes(StandardCharsets.US_ASCII));
    }

    private void assertRejected(String name, Reason reason, String detail, UnaryOperator<byte[]> change) {
        assertThatThrownBy(() -> check(name, change))
                .isInstanceOf(WalRejectedException.class)
                .hasMessageStartingWith("Cannot archive " + folder.resolve(name) + ": ")
                .hasMessageContaining(detail)
                .extracting(e -> ((WalRejectedException) e).reason())
                .isEqualTo(reason);
    }

    private void check(String name, UnaryOperator<byte[]> change) throws IOException {
        Path file = Files.write(folder.resolve(name), change.apply(FakeWal.bytes(SEGMENT)));
        WalFileCheck.require(FakeWal.CLUSTER, OfferedWal.of(WalFileName.parse(name, FakeWal.SIZE), file));
    }
}
