package dev.pitr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void readsUnitsAsPowersOf1024() {
        assertThat(Sizes.parse("17")).isEqualTo(17);
        assertThat(Sizes.parse("50M")).isEqualTo(50L << 20);
        assertThat(Sizes.parse("2g")).isEqualTo(2L << 30);
    }

    @Test
    void refusesWhatIsNoSize() {
        assertThatThrownBy(() -> Sizes.parse("fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 50M");
    }

    @Test
    void printsWithOneDecimal() {
        assertThat(Sizes.print(999)).isEqualTo("999 B");
        assertThat(Sizes.print(1536)).isEqualTo("1.5 KiB");
    }
}
