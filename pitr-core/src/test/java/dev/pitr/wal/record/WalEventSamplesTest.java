package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compares what events tell with the descriptions that {@code pg_waldump} printed. */
class WalEventSamplesTest {
    private static final String DUMPED = "dev.pitr.wal.record.SampleWal#DUMPED";
    private static final Pattern LINE = Pattern.compile("lsn: (\\w+)/(\\w+), prev \\S+, desc: (\\S+) ?(.*)");

    private static List<WalEvent> events(SampleWal sample) {
        List<WalEvent> events = new ArrayList<>();
        for (SortedMap<WalSegment, byte[]> run : sample.runs()) {
            WalCursor cursor = WalCursor.builder(SampleWal.SIZE)
                    .from(run.firstKey().start())
                    .build();
            for (byte[] segment : run.values()) {
                cursor.feed(segment, 0, segment.length);
                while (cursor.next()) {
                    cursor.record().event().ifPresent(events::add);
                    assertThat(cursor.record().description()).doesNotContain("can't be read");
                }
            }
        }
        return events;
    }

    @ParameterizedTest
    @FieldSource(DUMPED)
    void tellsWhatPgWaldumpTells(String name) {
        SampleWal sample = SampleWal.read(name);
        Map<Lsn, String> descriptions = new HashMap<>();
        Map<Lsn, String> operations = new HashMap<>();
        for (String line : sample.dump()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find()) {
                Lsn lsn = Lsn.parse(matcher.group(1) + "/" + matcher.group(2));
                descriptions.put(lsn, matcher.group(4));
                operations.put(lsn, matcher.group(3));
            }
        }
        Map<String, Long> seen = new HashMap<>();

        for (WalEvent event : events(sample)) {
            String printed = descriptions.get(event.start());
            String ours = event.accept(new WaldumpText());
            if (ours.isEmpty()) {
                continue;
            }
            assertThat(strip(printed))
                    .as(operations.get(event.start()) + " at " + event.start())
                    .startsWith(ours.substring(0, Math.min(ours.length(), 3000)));
            seen.merge(event.getClass().getSimpleName(), 1L, Long::sum);
        }

        assertThat(seen.keySet()).contains("StopRecord", "Checkpoint");
    }

    /** Leaves out what is not compared: single invalidations, marks without data, names of versions' folders. */
    private static String strip(String printed) {
        return printed.replaceAll("; inval msgs:.*", "")
                .replaceAll("; (sync|origin).*", "")
                .replaceAll("/PG_\\d+_\\d+", "")
                .replaceAll("copy dir \\d+/", "copy dir ");
    }

    @ParameterizedTest
    @FieldSource("dev.pitr.wal.record.SampleWal#TIMELINES")
    void findsTheStartsOfTimelines(String name) {
        Map<Boolean, List<WalEvent.TimelineSwitch>> switches = events(SampleWal.read(name)).stream()
                .filter(WalEvent.TimelineSwitch.class::isInstance)
                .map(WalEvent.TimelineSwitch.class::cast)
                .collect(Collectors.groupingBy(event -> event.checkpoint().isPresent()));

        assertThat(switches.values().stream().flatMap(List::stream))
                .extracting(WalEvent.TimelineSwitch::from, WalEvent.TimelineSwitch::to)
                .contains(tuple(new TimelineId(1), new TimelineId(2)), tuple(new TimelineId(1), new TimelineId(3)));
    }

    @ParameterizedTest
    @FieldSource("dev.pitr.wal.record.SampleWal#TIMELINES")
    void readsAcrossForksOfTimelines(String name) {
        SampleWal sample = SampleWal.read(name);
        WalSegment firstOfThird = sample.segments().keySet().stream()
                .filter(segment -> segment.timeline().equals(new TimelineId(3)))
                .findFirst()
                .orElseThrow();
        WalSegment first = sample.segments().firstKey();
        WalCursor cursor = WalCursor.builder(SampleWal.SIZE).from(first.start()).build();
        int records = 0;
        for (WalSegment at = first; sample.segments().containsKey(at); at = at.next()) {
            at = at.number() == firstOfThird.number() ? firstOfThird : at;
            byte[] segment = sample.segments().get(at);
            cursor.feed(segment, 0, segment.length);
            while (cursor.next()) {
                records++;
            }
        }

        assertThat(records).isGreaterThan(100);
        assertThat(cursor.timeline()).hasValue(new TimelineId(3));
        assertThat(cursor.end().kind()).isIn(WalEnd.Kind.ZERO_TAIL, WalEnd.Kind.SWITCH_PADDING);
    }

    @Test
    void tellsPreparedTransactionsByTheirOwnId() {
        List<WalEvent> events = events(SampleWal.read("v18"));
        List<Long> prepared = events.stream()
                .filter(Prepared.class::isInstance)
                .map(event -> ((Prepared) event).xid())
                .toList();

        assertThat(events.stream()
                        .filter(StopRecord.class::isInstance)
                        .map(StopRecord.class::cast)
                        .filter(stop -> stop.kind().isPrepared())
                        .map(StopRecord::xid))
                .containsExactlyInAnyOrderElementsOf(prepared);
    }

    @Test
    void keepsMicroseconds() {
        assertThat(events(SampleWal.read("v17")).stream()
                        .filter(StopRecord.class::isInstance)
                        .map(event -> ((StopRecord) event).time())
                        .filter(time -> !time.truncatedTo(ChronoUnit.MILLIS).equals(time)))
                .isNotEmpty()
                .allSatisfy(time -> assertThat(time).isAfter(Instant.parse("2026-01-01T00:00:00Z")));
    }
}
