package dev.pitr.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.RecordFragment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StopStatistics;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEnd;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A million segments, 15 TiB of WAL: what is asked of the index grows with its roll-ups, not with segments. */
class LargeWindowTest {
    private static final int SEGMENTS = 1_000_000;
    private static final long FIRST = 16;
    private static final ClusterIdentity IDENTITY =
            new ClusterIdentity(7412345678901234567L, PostgresVersion.V18, WalSegmentSize.DEFAULT);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long RECORD = 4096;

    /** A segment a minute, with one commit at its end; each roll-up sums up 65,536, each page 256. */
    private static final class RolledUp implements WalIndex {
        private long asked;

        @Override
        public Stream<StretchSummary> stretches(WalCoverage.Run run) {
            long step = run.length() > 65_536 ? 65_536 : run.length() > 256 ? 256 : 1;
            List<StretchSummary> result = new ArrayList<>();
            for (long n = run.first().number(); n <= run.last().number(); n = (n / step + 1) * step) {
                result.add(stretch(n, Math.min(run.last().number(), (n / step + 1) * step - 1)));
                asked++;
            }
            return result.stream();
        }

        private static StretchSummary stretch(long first, long last) {
            Lsn before = first == FIRST ? Lsn.ZERO : commit(first - 1).start();
            RecordChain.Head head = new RecordChain.Head(
                    RecordChain.Head.Kind.RECORD,
                    segment(first).start(),
                    0,
                    RecordFragment.EMPTY,
                    segment(first).start());
            WalEnd end = new WalEnd(WalEnd.Kind.PAGES_READ, segment(last).last().plus(1), "all pages are read");
            RecordChain chain = RecordChain.builder(PostgresVersion.V18, head, end)
                    .records(
                            new RecordChain.Link(commit(first).start(), before),
                            new RecordChain.Span(
                                    commit(last).start(), commit(last).end()))
                    .build();
            StopStatistics stops = StopStatistics.builder()
                    .add(commit(first))
                    .add(commit(last))
                    .build();
            return StretchSummary.builder(segment(first), segment(last), chain)
                    .stops(stops)
                    .build();
        }

        private static StopPoint commit(long segment) {
            Lsn end = segment(segment).last().plus(1);
            return new StopPoint(
                    StopRecord.Kind.COMMIT, end.plus(-RECORD), end, 1000 + segment, BEGIN.plusSeconds(60 * segment));
        }

        @Override
        public Stream<SegmentSummary> summaries(WalCoverage.Run run) {
            asked++;
            return Stream.of(SegmentSummary.builder(
                            stretch(run.first().number(), run.first().number()))
                    .build());
        }

        @Override
        public InputStream open(WalSegment segment) {
            throw new AssertionError("no segment needs to be read: " + segment);
        }
    }

    private static WalSegment segment(long number) {
        return new WalSegment(TimelineId.FIRST, number, WalSegmentSize.DEFAULT);
    }

    private static Catalogue catalogue() {
        WalCoverage.Builder coverage = WalCoverage.builder();
        for (long number = FIRST; number < FIRST + SEGMENTS; number++) {
            coverage.add(segment(number), 1000);
        }
        Catalogue.Builder catalogue = Catalogue.builder(IDENTITY).wal(coverage.build());
        for (int day = 0; day < 600; day++) {
            catalogue.backup(backup(day));
        }
        return catalogue.build();
    }

    private static Backup backup(int day) {
        long number = FIRST + 1440L * day;
        Lsn start = segment(number).start().plus(100);
        Instant finished = BEGIN.plusSeconds(60 * number);
        return Backup.builder()
                .id("b" + day)
                .identity(IDENTITY)
                .serverVersion("18.3")
                .label("nightly")
                .time(finished.minusSeconds(10), finished)
                .start(TimelineId.FIRST, start, start.plus(56))
                .stop(TimelineId.FIRST, start.plus(200))
                .fromStandby()
                .baseRawSizeBytes(40_000_000)
                .fileCount(1200)
                .compression("zstd:3")
                .object(new Backup.StoredObject("base/00001.tar.zst", 5_000_000, "0".repeat(64)))
                .build();
    }

    @Test
    void takesTheWindowFromRollUps() {
        RolledUp index = new RolledUp();

        List<RecoveryWindow> windows =
                RecoveryWindowCalculator.of(catalogue(), index).windows().all();

        assertThat(windows).hasSize(1);
        assertThat(windows.get(0).backups()).hasSize(600);
        assertThat(windows.get(0).end().commit().orElseThrow().xid()).isEqualTo(1000 + FIRST + SEGMENTS - 1);
        assertThat(index.asked).isLessThan(1000);
    }
}
