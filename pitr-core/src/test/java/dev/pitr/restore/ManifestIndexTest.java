package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ManifestIndexTest {
    @Property(tries = 50)
    void findsWhatWasAddedAndNothingElse(
            @ForAll @IntRange(max = 3000) int files, @ForAll @LongRange(min = 0) long size) {
        ManifestIndex.Builder builder = new ManifestIndex.Builder();
        for (int i = 0; i < files; i++) {
            builder.add("base/5/" + i, size - i, new byte[] {(byte) i, 2, 3, 4});
        }
        ManifestIndex index = builder.build();
        assertThat(index.size()).isEqualTo(files);
        assertThat(index.find("base/5/" + files)).isNegative();
        assertThat(index.find("")).isNegative();
        for (int i = 0; i < files; i++) {
            int file = index.find("base/5/" + i);
            assertThat(index.path(file)).isEqualTo("base/5/" + i);
            assertThat(index.sizeBytes(file)).isEqualTo(size - i);
            assertThat(index.matches(file, new byte[] {(byte) i, 2, 3, 4})).isTrue();
            assertThat(index.matches(file, new byte[] {(byte) (i + 1), 2, 3, 4}))
                    .isFalse();
        }
    }

    @Test
    void tellsWhichFilesNobodyClaimed() {
        ManifestIndex.Builder builder = new ManifestIndex.Builder();
        for (String path : new String[] {"a", "b", "c", "ä/ö"}) {
            builder.add(path, 0, new byte[0]);
        }
        ManifestIndex index = builder.build();
        assertThat(index.claim(index.find("b"))).isTrue();
        assertThat(index.claim(index.find("b"))).isFalse();
        assertThat(index.unclaimed(10)).containsExactly("a", "c", "ä/ö");
        assertThat(index.unclaimed(1)).containsExactly("a");
        assertThat(index.unclaimedCount()).isEqualTo(3);
    }

    @Test
    void refusesAPathListedTwice() {
        ManifestIndex.Builder builder = new ManifestIndex.Builder();
        builder.add("a", 0, new byte[0]);
        builder.add("a", 1, new byte[0]);
        assertThatThrownBy(builder::build).isInstanceOf(RestoreException.class).hasMessageContaining("lists a twice");
    }

    @Test
    void holdsThreeHundredThousandFilesInSomeTwentyMegabytes() {
        ManifestIndex.Builder builder = new ManifestIndex.Builder();
        long bytes = 0;
        for (int i = 0; i < 300_000; i++) {
            String path = "pg_tblspc/16390/PG_18_202506291/16384/" + (16384 + i);
            bytes += path.length() + 12 + 32 + 4 + 8;
            builder.add(path, 8192, new byte[32]);
        }
        ManifestIndex index = builder.build();
        assertThat(index.find("pg_tblspc/16390/PG_18_202506291/16384/200000")).isPositive();
        assertThat(bytes).isLessThan(32_000_000);
    }
}
