package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineIdTest {
    @Test
    void coversTheUnsignedRange() {
        assertThat(TimelineId.parse("1")).isEqualTo(TimelineId.FIRST);
        assertThat(TimelineId.parse("4294967295").toHex()).isEqualTo("FFFFFFFF");
        assertThat(TimelineId.parse("0010").toHex()).isEqualTo("0000000A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "4294967296", "-1", "+1", " 1", "0x1", "\uFF11", "18446744073709551617", "current"})
    void refusesWhatIsNoTimeline(String text) {
        assertThatThrownBy(() -> TimelineId.parse(text))
                .isInstanceOf(WalFormatException.class)
                .hasMessageContaining("expected 1 to 4294967295");
    }
}
