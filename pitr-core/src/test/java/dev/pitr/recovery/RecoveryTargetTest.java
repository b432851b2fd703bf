package dev.pitr.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTargetTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void writesTimesInUtcWithMicrosecondsAndOffset() {
        assertThat(RecoveryTarget.time(Instant.parse("2026-11-20T14:26:42.1Z")).settings())
                .containsExactly(
                        Map.entry("recovery_target_time", "2026-11-20 14:26:42.100000+00"),
                        Map.entry("recovery_target_inclusive", "true"));
    }

    @Test
    void roundsNanosecondsToTheMicrosecondThatStopsBeforeTheSameRecord() {
        RecoveryTarget.Time target = RecoveryTarget.time(Instant.parse("2026-11-20T14:26:42.123456001Z"));

        assertThat(target.value()).isEqualTo("2026-11-20 14:26:42.123456+00");
        assertThat(target.exclusive().value()).isEqualTo("2026-11-20 14:26:42.123457+00");
        assertThat(RecoveryTarget.time(Instant.parse("2026-11-20T14:26:42.123456Z"))
                        .exclusive()
                        .value())
                .isEqualTo("2026-11-20 14:26:42.123456+00");
    }

    @ParameterizedTest
    @CsvSource({
        "0001-01-01T00:00:00Z, 0001-01-01 00:00:00.000000+00",
        "+294276-12-31T23:59:59.999999Z, 294276-12-31 23:59:59.999999+00",
    })
    void reachesToTheEndsOfPostgresTime(String time, String setting) {
        assertThat(RecoveryTarget.time(Instant.parse(time)).value()).isEqualTo(setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-12-31T23:59:59.999999Z", "+294277-01-01T00:00:00Z"})
    void refusesTimesThatPostgresDoesNotHave(String time) {
        assertThatThrownBy(() -> RecoveryTarget.time(Instant.parse(time)))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("294276");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-20 14:26:42.5+00",
                "2026-11-20T14:26:42.5Z",
                "2026-11-20 14:26:42.5 Z",
                "2026-11-20 15:26:42.5+01:00",
                "2026-11-20 15:26:42.5 +0100",
                "2026-11-20 19:56:42.500000+05:30",
                " 2026-11-20 14:26:42.500+00 ",
            })
    void parsesTimesWithAnOffset(String text) {
        assertThat(RecoveryTarget.parseTime(text, BERLIN).time()).isEqualTo("2026-11-20T14:26:42.5Z");
    }

    @Test
    void parsesWhatItPrints() {
        RecoveryTarget.Time target = RecoveryTarget.time(Instant.parse("2026-11-20T14:26:42.000001Z"));

        assertThat(RecoveryTarget.parseTime(target.value(), BERLIN)).isEqualTo(target);
    }

    @Test
    void showsBothReadingsOfATimeWithoutAnOffset() {
        assertThatThrownBy(() -> RecoveryTarget.parseTime("2026-07-01 14:26", BERLIN))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("2026-07-01 14:26:00.000000+00 if it is in UTC")
                .hasMessageContaining("2026-07-01 12:26:00.000000+00 if it is in Europe/Berlin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "today",
                "",
                "2026-11-20",
                "2026-02-30 10:00+00",
                "2026-11-20 25:00+00",
                "14:26+00",
                "2026-11-20 14:26:42 CET"
            })
    void refusesWhatIsNoMoment(String text) {
        assertThatThrownBy(() -> RecoveryTarget.parseTime(text, BERLIN))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("such as 2026-11-20 14:26:42.123456+00");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "4294967295, 4294967295", "4294967299, 3", "12884906599, 4711"})
    void writesTheLow32BitsOfAnXid(long xid, String setting) {
        assertThat(RecoveryTarget.xid(xid).exclusive().settings())
                .containsEntry("recovery_target_xid", setting)
                .containsEntry("recovery_target_inclusive", "false");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4294967296L, 4294967298L})
    void refusesNumbersThatNoTransactionHas(long xid) {
        assertThatThrownBy(() -> RecoveryTarget.xid(xid))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("the first is 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10", "010", "-5", "4711 ", "", "12345678901234567890", "9999999999999999999"})
    void refusesXidsThatTheServerWouldReadInAnotherWay(String text) {
        assertThatThrownBy(() -> RecoveryTarget.parseXid(text))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("decimal");
    }

    @Test
    void takesNamesUpTo63Bytes() {
        assertThat(RecoveryTarget.name("ä".repeat(31) + "x").settings()).containsOnlyKeys("recovery_target_name");
        assertThatThrownBy(() -> RecoveryTarget.name("ä".repeat(32)))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("64 bytes");
        assertThatThrownBy(() -> RecoveryTarget.name("")).isInstanceOf(InvalidTargetException.class);
        assertThatThrownBy(() -> RecoveryTarget.name("a\nb")).isInstanceOf(InvalidTargetException.class);
        assertThatThrownBy(() -> RecoveryTarget.name("\uD800")).isInstanceOf(InvalidTargetException.class);
    }

    @Test
    void refusesPositionZero() {
        assertThatThrownBy(() -> RecoveryTarget.lsn(Lsn.ZERO)).isInstanceOf(InvalidTargetException.class);
        assertThat(RecoveryTarget.lsn(Lsn.parse("16/b374d848")).value()).isEqualTo("16/B374D848");
    }

    @Test
    void setsNothingForTheEndOfWal() {
        assertThat(RecoveryTarget.latest().settings()).isEmpty();
        assertThat(RecoveryTarget.immediate().settings()).containsEntry("recovery_target", "immediate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"current", "latest", "1", "4294967295"})
    void timelinesParseAsTheyPrint(String text) {
        assertThat(TimelineTarget.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4294967296", "0x2", "010", "newest", "", "-1"})
    void refusesTimelinesThatTheServerWouldReadInAnotherWay(String text) {
        assertThatThrownBy(() -> TimelineTarget.parse(text)).isInstanceOf(InvalidTargetException.class);
    }

    @Test
    void parsesActions() {
        assertThat(TargetAction.parse("shutdown")).isEqualTo(TargetAction.SHUTDOWN);
        assertThatThrownBy(() -> TargetAction.parse("Pause"))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("pause, promote or shutdown");
    }
}
