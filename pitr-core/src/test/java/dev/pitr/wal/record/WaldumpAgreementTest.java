package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compares each record of the samples with what the same version's {@code pg_waldump} printed. */
class WaldumpAgreementTest {
    private static final String DUMPED = "dev.pitr.wal.record.SampleWal#DUMPED";
    private static final Pattern HEAD = Pattern.compile(
            "rmgr: \\w+ +len \\(rec/tot\\): +\\d+/ *\\d+, tx: +\\d+, lsn: \\w+/\\w+, prev \\w+/\\w+, desc: .*");
    private static final Pattern LINE =
            Pattern.compile("rmgr: (\\w+) +len \\(rec/tot\\): +(\\d+)/ *(\\d+), tx: +(\\d+),"
                    + " lsn: (\\w+)/(\\w+), prev (\\w+)/(\\w+), desc: (UNKNOWN \\(\\w+\\)|\\S+)(.*)");
    private static final Pattern BLOCK =
            Pattern.compile("blkref #(\\d+): rel (\\d+)/(\\d+)/(\\d+)(?: fork (\\w+))? blk (\\d+)( FPW)?");
    private static final List<String> FORKS = List.of("", "fsm", "vm", "init");

    /** What both sides say of a record. */
    private record Row(
            String resourceManager,
            long recordBytes,
            long totalBytes,
            long xid,
            Lsn lsn,
            Lsn previous,
            String operation,
            List<String> blocks) {}

    @ParameterizedTest
    @FieldSource(DUMPED)
    void readsTheRecordsThatPgWaldumpPrints(String name) {
        SampleWal sample = SampleWal.read(name);
        Map<Lsn, Row> dumped = new TreeMap<>();
        sample.dump().stream()
                .filter(line -> HEAD.matcher(line).matches())
                .map(WaldumpAgreementTest::parsed)
                .forEach(row -> dumped.put(row.lsn(), row));
        Map<Lsn, Row> read = new TreeMap<>();
        for (SortedMap<WalSegment, byte[]> run : sample.runs()) {
            WalCursor cursor = WalCursor.builder(SampleWal.SIZE)
                    .from(run.firstKey().start())
                    .build();
            for (byte[] segment : run.values()) {
                cursor.feed(segment, 0, segment.length);
                while (cursor.next()) {
                    Row row = row(cursor.record());
                    read.put(row.lsn(), row);
                }
            }
            dumped.keySet().removeIf(lsn -> isCut(lsn, cursor.end(), cursor));
        }

        assertThat(read.size()).isGreaterThan(1000);
        assertThat(read.keySet()).containsExactlyElementsOf(dumped.keySet());
        assertThat(read.values()).containsExactlyElementsOf(dumped.values());
    }

    /** Whether a record goes on in a segment that was left out. */
    private static boolean isCut(Lsn lsn, WalEnd end, WalCursor cursor) {
        return end.kind() == WalEnd.Kind.CONTINUATION_AWAITED
                && cursor.tail(1024).orElseThrow().recordStart().equals(lsn);
    }

    private static Row parsed(String line) {
        Matcher fields = LINE.matcher(line);
        assertThat(fields.matches()).as(line).isTrue();
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(fields.group(10));
        while (block.find()) {
            blocks.add(block.group());
        }
        return new Row(
                fields.group(1),
                Long.parseLong(fields.group(2)),
                Long.parseLong(fields.group(3)),
                Long.parseLong(fields.group(4)),
                lsn(fields.group(5), fields.group(6)),
                lsn(fields.group(7), fields.group(8)),
                fields.group(9),
                blocks);
    }

    private static Lsn lsn(String high, String low) {
        return Lsn.parse(high + "/" + low);
    }

    private static Row row(WalRecord record) {
        List<String> blocks = new ArrayList<>();
        long images = 0;
        for (int i = 0; i < record.blockCount(); i++) {
            images += record.blockImageLength(i);
            String fork = FORKS.get(record.blockFork(i));
            blocks.add("blkref #" + record.blockId(i) + ": rel " + record.blockFile(i)
                    + (fork.isEmpty() ? "" : " fork " + fork) + " blk " + record.blockNumber(i)
                    + (record.blockImageLength(i) > 0 ? " FPW" : ""));
        }
        return new Row(
                record.resourceManagerName(),
                record.length() - images,
                record.length(),
                record.xid(),
                new Lsn(record.startLsn()),
                new Lsn(record.previousLsn()),
                record.operationName(),
                blocks);
    }
}
