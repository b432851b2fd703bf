package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    private static final Lsn GREATEST = new Lsn(-1);

    @ParameterizedTest
    @CsvSource({
        "0/0, 0, 0/0",
        "16/B374D848, 97500059720, 16/B374D848",
        "00000016/b374d848, 97500059720, 16/B374D848",
        "FFFFFFFF/FFFFFFFF, -1, FFFFFFFF/FFFFFFFF",
        "80000000/0, -9223372036854775808, 80000000/0",
        "7fffffff/ffffffff, 9223372036854775807, 7FFFFFFF/FFFFFFFF",
        "0/0000000A, 10, 0/A",
    })
    void parsesWhatTheServerParsesAndPrintsCanonically(String text, long value, String canonical) {
        assertThat(Lsn.parse(text)).isEqualTo(new Lsn(value)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "0",
                "0/",
                "/0",
                "0/0/0",
                " 0/0",
                "0/0 ",
                "0 /0",
                "+1/0",
                "-1/0",
                "0x1/0",
                "0/0x1",
                "G/0",
                "000000001/0",
                "0/000000001",
                "0\\0",
                "0//0",
                "\uFF11/0",
                "0/\u0661",
                "0/0\n"
            })
    void refusesWhatTheServerRefuses(String text) {
        assertThatThrownBy(() -> Lsn.parse(text))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("Cannot parse LSN \"" + text
                        + "\": expected two hexadecimal numbers of up to 8 digits around a slash, such as 16/B374D848");
    }

    @Test
    void ordersAsUnsigned() {
        Lsn middle = Lsn.parse("80000000/0");
        Lsn belowMiddle = Lsn.parse("7FFFFFFF/FFFFFFFF");
        assertThat(middle.isAfter(belowMiddle)).isTrue();
        assertThat(belowMiddle.isBefore(middle)).isTrue();
        assertThat(GREATEST).isGreaterThan(middle);
        assertThat(Lsn.ZERO).isLessThan(belowMiddle);
        assertThat(middle.isAfter(middle)).isFalse();
        assertThat(middle.isBefore(middle)).isFalse();
    }

    @Test
    void movesAcrossTheMiddleOfTheRange() {
        assertThat(Lsn.parse("7FFFFFFF/FFFFFFFF").plus(1)).isEqualTo(Lsn.parse("80000000/0"));
        assertThat(Lsn.parse("80000000/0").plus(-1)).isEqualTo(Lsn.parse("7FFFFFFF/FFFFFFFF"));
        assertThat(new Lsn(Long.MIN_VALUE).plus(Long.MIN_VALUE)).isEqualTo(Lsn.ZERO);
    }

    @Test
    void refusesToLeaveTheRange() {
        assertThat(GREATEST.plus(0)).isEqualTo(GREATEST);
        assertThatThrownBy(() -> GREATEST.plus(1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("FFFFFFFF/FFFFFFFF plus 1 bytes is outside the range of an LSN");
        assertThat(Lsn.ZERO.plus(0)).isEqualTo(Lsn.ZERO);
        assertThatThrownBy(() -> Lsn.ZERO.plus(-1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("0/0 plus -1 bytes is outside the range of an LSN");
    }

    @Test
    void measuresDistancesAsUnsigned() {
        assertThat(GREATEST.bytesSince(Lsn.ZERO)).isEqualTo(-1);
        assertThat(GREATEST.bytesSince(GREATEST)).isZero();
        assertThatThrownBy(() -> Lsn.ZERO.bytesSince(GREATEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FFFFFFFF/FFFFFFFF is after 0/0");
    }

    @Property
    void parsesWhatItPrints(@ForAll long value) {
        Lsn lsn = new Lsn(value);
        assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
        assertThat(lsn).hasToString(String.format("%X/%X", value >>> 32, value & 0xFFFF_FFFFL));
    }

    @Property
    void distanceUndoesMoving(@ForAll long from, @ForAll long to) {
        Lsn first = new Lsn(from);
        Lsn second = new Lsn(to);
        if (first.compareTo(second) <= 0) {
            assertThat(second.bytesSince(first)).isEqualTo(to - from);
        }
        assertThat(Integer.signum(first.compareTo(second))).isEqualTo(Long.compareUnsigned(from, to));
    }
}
