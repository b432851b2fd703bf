package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalSegmentTest {
    private static final TimelineId ONE = TimelineId.FIRST;

    static Stream<WalSegmentSize> everySize() {
        return IntStream.rangeClosed(20, 30).mapToObj(bits -> new WalSegmentSize(1 << bits));
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 00000FFF",
        "2097152, 000007FF",
        "4194304, 000003FF",
        "8388608, 000001FF",
        "16777216, 000000FF",
        "33554432, 0000007F",
        "67108864, 0000003F",
        "134217728, 0000001F",
        "268435456, 0000000F",
        "536870912, 00000007",
        "1073741824, 00000003",
    })
    void theLastNameOfALogIdDependsOnTheSize(int bytes, String lastPart) {
        WalSegmentSize size = new WalSegmentSize(bytes);
        WalSegment last = WalSegment.containing(ONE, Lsn.parse("2/FFFFFFFF"), size);
        assertThat(last.name()).isEqualTo("0000000100000002" + lastPart);
        assertThat(last.next().name()).isEqualTo("000000010000000300000000");
        assertThat(WalSegment.parse(last.name(), size)).isEqualTo(last);
        String beyond = "0000000100000002" + String.format("%08X", Long.parseLong(lastPart, 16) + 1);
        assertThatThrownBy(() -> WalSegment.parse(beyond, size))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("\"" + beyond + "\" is no segment of a cluster with segments of " + bytes
                        + " bytes: its last part exceeds " + lastPart);
    }

    @ParameterizedTest
    @MethodSource("everySize")
    void aBoundaryBelongsToTheSegmentThatItBegins(WalSegmentSize size) {
        Lsn boundary = new Lsn(5L * size.bytes());
        assertThat(WalSegment.containing(ONE, boundary, size).number()).isEqualTo(5);
        assertThat(WalSegment.containing(ONE, boundary.plus(-1), size).number()).isEqualTo(4);
        assertThat(size.offsetInSegment(boundary)).isZero();
        assertThat(size.offsetInSegment(boundary.plus(-1))).isEqualTo(size.bytes() - 1);
    }

    @ParameterizedTest
    @MethodSource("everySize")
    void reachesTheLastSegmentOfTheRangeAndNoFurther(WalSegmentSize size) {
        WalSegment last = WalSegment.containing(ONE, new Lsn(-1), size);
        assertThat(last.last()).isEqualTo(new Lsn(-1));
        assertThat(last.start().value()).isEqualTo(-size.bytes());
        assertThat(last.logIdHex()).isEqualTo("FFFFFFFF");
        assertThat(WalSegment.parse(last.name(), size)).isEqualTo(last);
        assertThatThrownBy(last::next)
                .isInstanceOf(WalFormatException.class)
                .hasMessage("Segment number " + (last.number() + 1) + " is out of range: expected 0 to " + last.number()
                        + " with segments of " + size.bytes() + " bytes");
        assertThatThrownBy(() -> new WalSegment(ONE, -1, size)).isInstanceOf(WalFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000001000000000000000",
                "0000000100000000000000011",
                "00000001000000000000000a",
                "00000001 00000000 000000",
                "000000000000000000000001",
                "+00000010000000000000001",
                "\uFF100000001000000000000001"
            })
    void refusesOtherNames(String name) {
        assertThatThrownBy(() -> WalSegment.parse(name, WalSegmentSize.DEFAULT)).isInstanceOf(WalFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, -1, 1 << 19, (1 << 20) - 1, (1 << 20) + 1, 3 << 20, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesOtherSizes(int bytes) {
        assertThatThrownBy(() -> new WalSegmentSize(bytes))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("WAL segment size " + bytes + " is invalid: expected a power of two from 1 MiB to 1 GiB");
    }

    @Test
    void theSameNameIsAnotherPositionWithAnotherSize() {
        String name = "000000010000000100000001";
        assertThat(WalSegment.parse(name, new WalSegmentSize(1 << 20)).start()).isEqualTo(Lsn.parse("1/100000"));
        assertThat(WalSegment.parse(name, new WalSegmentSize(1 << 30)).start()).isEqualTo(Lsn.parse("1/40000000"));
    }

    @Property
    void anyPositionLiesInItsSegment(@ForAll long position, @ForAll("sizes") WalSegmentSize size) {
        Lsn lsn = new Lsn(position);
        WalSegment segment = WalSegment.containing(ONE, lsn, size);
        assertThat(segment.start().compareTo(lsn)).isNotPositive();
        assertThat(segment.last().compareTo(lsn)).isNotNegative();
        assertThat(segment.start().plus(size.offsetInSegment(lsn))).isEqualTo(lsn);
        BigInteger number = new BigInteger(Long.toUnsignedString(position)).divide(BigInteger.valueOf(size.bytes()));
        assertThat(segment.number()).isEqualTo(number.longValueExact());
    }

    @Property
    void parsesWhatItNames(
            @ForAll @LongRange(min = 1, max = 0xFFFF_FFFFL) long timeline,
            @ForAll long position,
            @ForAll("sizes") WalSegmentSize size) {
        WalSegment segment = WalSegment.containing(new TimelineId(timeline), new Lsn(position), size);
        assertThat(segment.name()).hasSize(24);
        assertThat(WalSegment.parse(segment.name(), size)).isEqualTo(segment);
    }

    @Property
    void namesOfOneTimelineSortAsPositionsDo(
            @ForAll long first, @ForAll long second, @ForAll("sizes") WalSegmentSize size) {
        WalSegment a = WalSegment.containing(ONE, new Lsn(first), size);
        WalSegment b = WalSegment.containing(ONE, new Lsn(second), size);
        assertThat(Integer.signum(a.name().compareTo(b.name())))
                .isEqualTo(Integer.signum(a.compareTo(b)))
                .isEqualTo(Integer.signum(a.start().compareTo(b.start())));
    }

    @Provide
    static Arbitrary<WalSegmentSize> sizes() {
        return Arbitraries.of(everySize().toList());
    }
}
