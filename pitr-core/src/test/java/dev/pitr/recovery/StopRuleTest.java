package dev.pitr.recovery;

import static dev.pitr.recovery.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryStop.Failure;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.recovery.RecoveryStop.Side;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.record.Checkpoint;
import dev.pitr.wal.record.Prepared;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StopRecord.Kind;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The server's stop rule, record by record: the tables of "Recovery Target" in xlogrecovery.c, with their edges. */
class StopRuleTest {
    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Lsn REDO = at(3, 40);

    /** Records of 100 bytes from the redo point on; the fourth ends the backup. */
    private static final class Wal {
        private record Entry(Lsn start, Lsn end, @Nullable WalEvent event) {}

        private final List<Entry> records = new ArrayList<>();

        private Lsn start(int index) {
            return REDO.plus(104L * index);
        }

        Wal event(BiFunction<Lsn, Lsn, WalEvent> event) {
            Lsn start = start(records.size());
            Lsn end = start.plus(104);
            records.add(new Entry(start, end, event.apply(start, end)));
            return this;
        }

        Wal other() {
            Lsn start = start(records.size());
            records.add(new Entry(start, start.plus(104), null));
            return this;
        }

        Wal stop(Kind kind, long xid, Instant time) {
            return event((start, end) -> stopRecord(start, end, kind, xid, time));
        }

        Wal commit(long xid, long microseconds) {
            return stop(Kind.COMMIT, xid, TEN.plusNanos(1000 * microseconds));
        }

        Wal backupEnd() {
            return event((start, end) -> new WalEvent.BackupEnd(start, end, REDO));
        }

        RecoveryStop recover(RecoveryTarget target) {
            return recover(backup(false), target);
        }

        RecoveryStop recover(Backup backup, RecoveryTarget target) {
            StopRule rule = new StopRule(backup, target);
            for (Entry entry : records) {
                RecoveryStop stop = rule.replay(entry.start(), entry.end(), entry.event());
                if (stop != null) {
                    return stop;
                }
            }
            return rule.endOfWal();
        }
    }

    private static StopRecord stopRecord(Lsn start, Lsn end, Kind kind, long xid, Instant time) {
        return new StopRecord(
                start, end, kind, xid, time, OptionalLong.empty(), List.of(), List.of(), List.of(), List.of(), "", 0);
    }

    private static Backup backup(boolean fromStandby) {
        return new World()
                .backup("b", 1, REDO, 1, REDO.plus(416), TEN, b -> fromStandby ? b.fromStandby() : b)
                .catalogue()
                .backups()
                .get(0);
    }

    /** A backup without transactions inside, then commits of 10, 20 and 30 µs past ten. */
    private static Wal simple() {
        return new Wal()
                .other()
                .other()
                .other()
                .backupEnd()
                .other()
                .commit(710, 10)
                .other()
                .commit(720, 20)
                .other()
                .commit(730, 30)
                .other();
    }

    private static RecoveryTarget.Time time(long microseconds) {
        return RecoveryTarget.time(TEN.plusNanos(1000 * microseconds));
    }

    private static Lsn end(int index) {
        return REDO.plus(104L * (index + 1));
    }

    private static long lastXid(RecoveryStop stop) {
        return stop.lastCommit().map(commit -> commit.xid()).orElse(0L);
    }

    private static void assertStops(RecoveryStop stop, Lsn end, long lastXid) {
        assertThat(stop.outcome()).isEqualTo(Outcome.STOPS_EXACTLY);
        assertThat(stop.end()).isEqualTo(end);
        assertThat(lastXid(stop)).isEqualTo(lastXid);
    }

    private static void assertFails(RecoveryStop stop, Failure failure) {
        assertThat(stop.outcome()).isEqualTo(Outcome.FAILS);
        assertThat(stop.failure()).contains(failure);
    }

    @Test
    void anInclusiveTimeStopsBeforeTheFirstLaterEnd() {
        assertStops(simple().recover(time(19)), end(6), 710);
        assertStops(simple().recover(time(20)), end(8), 720);
        assertStops(simple().recover(time(29)), end(8), 720);
        assertFails(simple().recover(time(30)), Failure.TARGET_NOT_REACHED);
    }

    @Test
    void anExclusiveTimeStopsBeforeTheFirstEndThatIsNotEarlier() {
        assertStops(simple().recover(time(20).exclusive()), end(6), 710);
        assertStops(simple().recover(time(21).exclusive()), end(8), 720);
        assertStops(simple().recover(time(30).exclusive()), end(8), 720);
        assertFails(simple().recover(time(31).exclusive()), Failure.TARGET_NOT_REACHED);
    }

    @Test
    void aTimeBeforeTheBackupSilentlyStopsLaterIfNothingEndedDuringIt() {
        assertStops(simple().recover(time(-3_600_000_000L)), end(4), 0);
    }

    @Test
    void aTimeBeforeTheBackupFailsIfALaterTransactionEndedDuringIt() {
        Wal wal = new Wal().other().commit(700, 1).other().backupEnd().commit(710, 10);

        RecoveryStop stop = wal.recover(time(0));

        assertFails(stop, Failure.STOP_BEFORE_CONSISTENT);
        assertThat(stop.messages())
                .containsExactly(
                        "recovery stopping before commit of transaction 700, time 2026-11-20 10:00:00.000001+00",
                        "requested recovery stop point is before consistent recovery point");
    }

    @Test
    void aClockThatWasSetBackMakesTheFirstLaterEndCount() {
        Wal wal = new Wal()
                .other()
                .other()
                .other()
                .backupEnd()
                .commit(710, 50)
                .commit(720, 20)
                .commit(730, 60);

        assertStops(wal.recover(time(20)), end(3), 0);
        assertStops(wal.recover(time(50)), end(5), 720);
        assertStops(wal.recover(time(50).exclusive()), end(3), 0);
    }

    @Test
    void equalTimesAreAllReplayedOrNone() {
        Wal wal = new Wal()
                .other()
                .other()
                .other()
                .backupEnd()
                .commit(710, 20)
                .commit(720, 20)
                .commit(730, 30);

        assertStops(wal.recover(time(20)), end(5), 720);
        assertStops(wal.recover(time(20).exclusive()), end(3), 0);
    }

    @Test
    void abortsAndPreparedFormsStopATimeButNeitherPrepareNorRestorePointsDo() {
        Wal wal = new Wal().other().other().other().backupEnd();
        wal.event((start, end) -> new Prepared(
                start, end, 705, TEN.plusSeconds(9), 5, "g", List.of(), List.of(), List.of(), List.of(), List.of()));
        wal.event((start, end) -> new WalEvent.RestorePoint(start, end, "p", TEN.plusSeconds(9)));
        wal.stop(Kind.ABORT, 704, TEN.plusSeconds(1));
        wal.stop(Kind.COMMIT_PREPARED, 705, TEN.plusSeconds(2));
        wal.stop(Kind.ABORT_PREPARED, 706, TEN.plusSeconds(3));

        assertStops(wal.recover(time(0)), end(5), 0);
        assertStops(wal.recover(time(1_000_000)), end(6), 0);
        assertStops(wal.recover(time(2_000_000)), end(7), 705);
    }

    @Test
    void aTransactionStopsAfterItsEndOrBeforeIt() {
        RecoveryStop after = simple().recover(RecoveryTarget.xid(720));
        RecoveryStop before = simple().recover(RecoveryTarget.xid(720).exclusive());

        assertStops(after, end(7), 720);
        assertThat(after.messages())
                .containsExactly(
                        "consistent recovery state reached at " + end(3),
                        "recovery stopping after commit of transaction 720, time 2026-11-20 10:00:00.00002+00");
        assertThat(after.record().orElseThrow().side()).isEqualTo(Side.AFTER);
        assertStops(before, end(6), 710);
        assertThat(before.messages()).contains("recovery stopping before commit of transaction 720, time ");
    }

    @Test
    void aTransactionIsComparedByThirtyTwoBits() {
        assertStops(simple().recover(RecoveryTarget.xid((7L << 32) + 730)), end(9), 730);
    }

    @Test
    void theXidOfASubtransactionThatCommittedIsNeverMet() {
        Wal wal = new Wal().other().other().other().backupEnd();
        wal.event((start, end) -> new StopRecord(
                start,
                end,
                Kind.COMMIT,
                740,
                TEN,
                OptionalLong.empty(),
                List.of(741L),
                List.of(),
                List.of(),
                List.of(),
                "",
                0));

        assertFails(wal.recover(RecoveryTarget.xid(741)), Failure.TARGET_NOT_REACHED);
    }

    @Test
    void aPreparedTransactionIsMetAtItsSecondPhase() {
        Wal wal = new Wal().other().other().other().backupEnd();
        wal.event((start, end) ->
                new Prepared(start, end, 705, TEN, 5, "g", List.of(), List.of(), List.of(), List.of(), List.of()));
        wal.other().stop(Kind.COMMIT_PREPARED, 705, TEN.plusSeconds(2));

        assertStops(wal.recover(RecoveryTarget.xid(705).exclusive()), end(5), 0);
        assertStops(wal.recover(RecoveryTarget.xid(705)), end(6), 705);
    }

    @Test
    void aPositionMeansTheFirstRecordThatStartsThereOrBehind() {
        Lsn start = end(6);
        assertStops(simple().recover(RecoveryTarget.lsn(start).exclusive()), end(6), 710);
        assertStops(simple().recover(RecoveryTarget.lsn(start.plus(-1)).exclusive()), end(6), 710);
        assertStops(simple().recover(RecoveryTarget.lsn(start.plus(1)).exclusive()), end(7), 720);
        assertStops(simple().recover(RecoveryTarget.lsn(start)), end(7), 720);
        assertStops(simple().recover(RecoveryTarget.lsn(start.plus(1))), end(8), 720);
        assertFails(simple().recover(RecoveryTarget.lsn(end(10))), Failure.TARGET_NOT_REACHED);
        assertStops(simple().recover(RecoveryTarget.lsn(end(9))), end(10), 730);
    }

    @Test
    void aPositionMayBeMetByTheRecordThatEndsTheBackupIfItIsReplayed() {
        assertStops(simple().recover(RecoveryTarget.lsn(end(2))), end(3), 0);
        assertFails(simple().recover(RecoveryTarget.lsn(end(2)).exclusive()), Failure.STOP_BEFORE_CONSISTENT);
        assertStops(simple().recover(RecoveryTarget.lsn(end(2).plus(1)).exclusive()), end(3), 0);
        assertFails(simple().recover(RecoveryTarget.lsn(end(1))), Failure.STOP_BEFORE_CONSISTENT);
    }

    @Test
    void theFirstRestorePointOfANameCountsFromTheRedoPointOn() {
        Wal wal = new Wal().other().other().other().backupEnd();
        wal.event((start, end) -> new WalEvent.RestorePoint(start, end, "q", TEN));
        wal.event((start, end) -> new WalEvent.RestorePoint(start, end, "p", TEN));
        wal.event((start, end) -> new WalEvent.RestorePoint(start, end, "p", TEN));

        RecoveryStop stop = wal.recover(RecoveryTarget.name("p"));

        assertStops(stop, end(5), 0);
        assertThat(stop.messages()).contains("recovery stopping at restore point \"p\", time 2026-11-20 10:00:00+00");
        assertFails(wal.recover(RecoveryTarget.name("P")), Failure.TARGET_NOT_REACHED);
    }

    @Test
    void immediateNeedsTheRecordBehindTheEndOfTheBackup() {
        assertStops(simple().recover(RecoveryTarget.immediate()), end(3), 0);
        Wal bare = new Wal().other().other().other().backupEnd();
        assertFails(bare.recover(RecoveryTarget.immediate()), Failure.TARGET_NOT_REACHED);
    }

    @Test
    void aStandbysBackupIsConsistentAtTheFirstEndBehindItsMinimum() {
        Wal wal = new Wal().other().other().other().commit(700, 5).other();

        RecoveryStop stop = wal.recover(backup(true), RecoveryTarget.immediate());

        assertStops(stop, end(3), 700);
        assertThat(stop.record().orElseThrow().side()).isEqualTo(Side.AFTER);
        assertThat(stop.consistentAt()).contains(end(3));
    }

    @Test
    void anotherBackupsEndDoesNotMakeThisOneConsistent() {
        Wal wal = new Wal().other().other().other();
        wal.event((start, end) -> new WalEvent.BackupEnd(start, end, REDO.plus(-8)))
                .commit(710, 1);

        RecoveryStop stop = wal.recover(RecoveryTarget.latest());

        assertFails(stop, Failure.WAL_ENDS_BEFORE_CONSISTENT);
        assertThat(stop.messages()).containsExactly("WAL ends before end of online backup");
    }

    @Test
    void theEndOfTheWalIsNoErrorWithoutATarget() {
        assertStops(simple().recover(RecoveryTarget.latest()), end(10), 730);
    }

    @Test
    void minimalWalEndsRecovery() {
        Wal wal = new Wal().other().other().other().backupEnd().commit(710, 1);
        wal.event((start, end) ->
                new WalEvent.ParameterChange(start, end, WalLevel.MINIMAL, 100, 8, 0, 0, 64, false, false));
        wal.commit(720, 2);

        assertFails(wal.recover(RecoveryTarget.xid(720)), Failure.WAL_LEVEL_MINIMAL);
        assertFails(wal.recover(RecoveryTarget.latest()), Failure.WAL_LEVEL_MINIMAL);
        assertStops(wal.recover(RecoveryTarget.xid(710)), end(4), 710);
    }

    @Test
    void aShutdownDuringTheBackupCancelsIt() {
        Wal wal = new Wal().other();
        wal.event((start, end) -> new Checkpoint(
                start,
                end,
                Checkpoint.Kind.SHUTDOWN,
                start,
                new TimelineId(1),
                new TimelineId(1),
                true,
                Optional.empty(),
                1000,
                0,
                TEN));

        assertFails(wal.recover(RecoveryTarget.latest()), Failure.BACKUP_CANCELED);
    }
}
