package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalFormatException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalReaderTest {
    private static final int HEAP = 10;

    private final WalWriter wal = new WalWriter(PostgresVersion.V18);

    /** Gives a few bytes at a time, as a socket does. */
    private static InputStream trickle(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 777));
            }
        };
    }

    private static List<Lsn> starts(WalReader reader) throws IOException {
        List<Lsn> starts = new ArrayList<>();
        while (reader.next()) {
            starts.add(new Lsn(reader.record().startLsn()));
        }
        return starts;
    }

    @Test
    void readsConsecutiveSegments() throws IOException {
        List<Lsn> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            written.add(wal.append(HEAP, 0, 7, new byte[i * 37]));
        }
        WalReader reader = WalReader.open(trickle(wal.toBytes()));

        assertThat(starts(reader)).isEqualTo(written);
        assertThat(reader.end().kind()).isEqualTo(WalEnd.Kind.ZERO_TAIL);
        assertThat(reader.next()).isFalse();
        assertThat(reader.cursor().version()).hasValue(PostgresVersion.V18);
    }

    @Test
    void readsWhatIsThereOfASegmentThatWasCutShort() throws IOException {
        Lsn first = wal.append(HEAP, 0, 7, new byte[100]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[20_000]);
        byte[] cut = Arrays.copyOf(wal.toBytes(), 9_000);
        WalReader reader = WalReader.open(new ByteArrayInputStream(cut));

        assertThat(starts(reader)).containsExactly(first);
        assertThat(reader.end().kind()).isEqualTo(WalEnd.Kind.CONTINUATION_AWAITED);
        assertThat(reader.cursor().tail(1024).orElseThrow().recordStart()).isEqualTo(second);
    }

    @Test
    void endsWhereAWholeNumberOfBuffersEnds() throws IOException {
        for (int i = 0; i < 7; i++) {
            wal.append(HEAP, 0, 7, new byte[8192 - (i == 0 ? 40 : 24) - 29]);
        }
        Lsn last = wal.append(HEAP, 0, 7, new byte[8192 - 24 - 29]);
        byte[] bytes = wal.toBytes();
        assertThat(bytes).hasSize(65_536);
        WalReader reader = WalReader.open(new ByteArrayInputStream(bytes));

        assertThat(starts(reader)).hasSize(8).endsWith(last);
        assertThat(reader.end().kind()).isEqualTo(WalEnd.Kind.PAGES_READ);
    }

    @Test
    void readsFromARecordOn() throws IOException {
        wal.append(HEAP, 0, 7, new byte[100]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[100]);
        WalReader reader = WalReader.of(
                new ByteArrayInputStream(wal.toBytes()),
                WalCursor.builder(WalWriter.SIZE).from(second).build());

        assertThat(starts(reader)).containsExactly(second);
    }

    @Test
    void refusesWhatIsNoSegment() {
        assertThatThrownBy(() -> WalReader.open(new ByteArrayInputStream(new byte[100_000])))
                .isInstanceOf(WalFormatException.class)
                .hasMessageContaining("magic 0000");
    }

    @Test
    void describesRecordsInALine() throws IOException {
        wal.append(0, 0x50, 0, new byte[] {0x28, 0, 0, 0, 1, 0, 0, 0});
        WalReader reader = WalReader.open(new ByteArrayInputStream(wal.toBytes()));
        reader.next();

        assertThat(reader.record().toString()).isEqualTo("0/500028 XLOG BACKUP_END, 34 bytes");
        assertThat(reader.record().description()).isEqualTo("of the backup from 1/28");
    }
}
