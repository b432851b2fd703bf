package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartSizesTest {
    private static final long MEBIBYTE = 1L << 20;

    @ParameterizedTest
    @ValueSource(longs = {5 * MEBIBYTE, 8 * MEBIBYTE, 64 * MEBIBYTE, 1024 * MEBIBYTE})
    void reachesFiveTebibytesWithTheAllowedNumberOfParts(long first) {
        long before = 0;
        long last = first;
        for (int part = 1; part <= PartSizes.MAX_PARTS; part++) {
            long next = PartSizes.next(first, before);
            assertThat(next).isBetween(last, PartSizes.LARGEST);
            last = next;
            before += next;
        }

        assertThat(before).isGreaterThanOrEqualTo(first == 5 * MEBIBYTE ? 4L << 40 : 5L << 40);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 8000 * MEBIBYTE})
    void keepsTheChosenSizeForTheFirstThousandParts(long before) {
        assertThat(PartSizes.next(8 * MEBIBYTE, before)).isEqualTo(8 * MEBIBYTE);
    }
}
