package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How objects are read and looked up. */
abstract class ReadingContract extends WritingContract {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, 1",
        "0, 1000",
        "0, 1001",
        "0, 9223372036854775807",
        "1, 998",
        "1, 9223372036854775807",
        "500, 0",
        "999, 1",
        "999, 2",
        "1000, 0",
        "1000, 1",
        "1001, 1",
        "9223372036854775807, 0",
        "9223372036854775807, 9223372036854775807"
    })
    void readsARangeAndEndsWhereTheObjectEnds(long offset, long length) {
        byte[] bytes = bytes(1000, 1);
        put("a", bytes);

        int start = (int) Math.min(offset, 1000);
        int end = (int) Math.min(1000, start + Math.min(length, 1000));
        assertThat(read("a", offset, length)).isEqualTo(Arrays.copyOfRange(bytes, start, end));
    }

    @Test
    void readsRangesOfAnEmptyObject() {
        put("a", new byte[0]);

        assertThat(read("a")).isEmpty();
        assertThat(read("a", 0, 10)).isEmpty();
        assertThat(read("a", 10, 10)).isEmpty();
    }

    @Test
    void readsManyRangesOfALargerObject() {
        byte[] bytes = bytes(700_001, 1);
        put("a", bytes);

        for (int start = 0; start < bytes.length; start += 65_537) {
            assertThat(read("a", start, 70_000))
                    .isEqualTo(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + 70_000)));
        }
    }

    @Test
    void refusesNegativeRanges() {
        put("a");

        assertThatThrownBy(() -> storage().open(key("a"), -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> storage().open(key("a"), 0, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "a", "a/b/c", "a/b/c/d", "a/c", "b/c/d"})
    void tellsThatNothingIsThere(String missing) {
        put("a/b");

        assertThat(storage().stat(key(missing))).isEmpty();
        assertThatThrownBy(() -> read(missing))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining(missing);
        assertThatThrownBy(() -> read(missing, 0, 10)).isInstanceOf(ObjectNotFoundException.class);
        assertThatThrownBy(() -> read(missing, 5, 0)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void looksUpOneObject() {
        put("a/b", bytes(1234, 1));

        assertThat(storage().stat(key("a/b"))).hasValueSatisfying(info -> {
            assertThat(info.key()).isEqualTo(key("a/b"));
            assertThat(info.sizeBytes()).isEqualTo(1234);
            assertThat(info.modifiedAt()).isNotNull();
        });
    }

    @Test
    void streamsAsStreamsDo() throws IOException {
        byte[] bytes = bytes(10_000, 1);
        bytes[0] = (byte) 0xff;
        put("a", bytes);

        try (InputStream in = storage().open(key("a"))) {
            assertThat(in.read()).isEqualTo(0xff);
            assertThat(in.read(new byte[0])).isZero();
            in.skipNBytes(998);
            assertThat(in.readNBytes(5)).isEqualTo(Arrays.copyOfRange(bytes, 999, 1004));
            assertThat(in.readAllBytes()).hasSize(8996);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[10])).isEqualTo(-1);
        }
        InputStream half = storage().open(key("a"), 100, 100);
        assertThat(half.readNBytes(50)).hasSize(50);
        half.close();
        half.close();
    }

    @Test
    void givesAnOpenStreamTheOldBytesOrAnErrorWhenItsObjectGoes() throws IOException {
        byte[] old = bytes(3 << 20, 1);
        for (boolean replaced : List.of(true, false)) {
            put("a", old);
            try (InputStream in = storage().open(key("a"))) {
                byte[] start = in.readNBytes(10);
                if (replaced) {
                    put("a", bytes(2 << 20, 2));
                } else {
                    storage().delete(List.of(key("a")));
                }
                byte[] rest = in.readAllBytes();
                assertThat(start).isEqualTo(Arrays.copyOf(old, 10));
                assertThat(rest).isEqualTo(Arrays.copyOfRange(old, 10, old.length));
            } catch (StorageException e) {
                assertThat(e).hasMessageContaining("a");
            }
        }
    }
}
