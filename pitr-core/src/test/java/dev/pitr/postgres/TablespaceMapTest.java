package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.PostgresVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablespaceMapTest {
    @Test
    void readsBlanksAndEscapedLineEnds() {
        assertThat(parse("16390 /a b\n4294967295 /two\\\nlines\n", PostgresVersion.V13)
                        .locations())
                .containsExactly(Map.entry(16390L, "/a b"), Map.entry(4294967295L, "/two\nlines"));
    }

    @Test
    void readsBackslashesAsTheVersionWritesThem() {
        assertThat(parse("1 /a\\b\\\\c\n", PostgresVersion.V13).locations()).containsEntry(1L, "/a\\b\\\\c");
        assertThat(parse("1 /a\\\\c\n", PostgresVersion.V14).locations()).containsEntry(1L, "/a\\c");
    }

    @Test
    void refusesPathsThatVersion13CannotRead() {
        TablespaceMap map = new TablespaceMap(new TreeMap<>(Map.of(1L, "/ends with \\")));
        assertThat(print(map, PostgresVersion.V14)).isEqualTo("1 /ends with \\\\\n");
        assertThatThrownBy(() -> map.toBytes(PostgresVersion.V13))
                .isInstanceOf(ServerFileException.class)
                .hasMessageContaining("PostgreSQL 13 can't read a path with a backslash before a line end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1 /a", "x /a\n", "1\n", " /a\n", "1 \n", "0 /a\n", "4294967296 /a\n", "1 /a\n1 /b\n", "1 /a\\\n"
            })
    void refusesMalformedFiles(String text) {
        assertThatThrownBy(() -> parse(text, PostgresVersion.V18))
                .isInstanceOfSatisfying(
                        ServerFileException.class, e -> assertThat(e.code()).isEqualTo("postgres.bad-tablespace-map"));
    }

    @Property
    void printsWhatItReads(@ForAll("locations") Map<Long, String> locations, @ForAll PostgresVersion version) {
        TablespaceMap map = new TablespaceMap(new TreeMap<>(locations));
        try {
            assertThat(TablespaceMap.parse(map.toBytes(version), version)).isEqualTo(map);
        } catch (ServerFileException e) {
            assertThat(version).isEqualTo(PostgresVersion.V13);
        }
    }

    @Provide
    Arbitrary<Map<Long, String>> locations() {
        Arbitrary<String> path =
                Arbitraries.strings().withChars("ab \\\n\ré'").ofMaxLength(12).map(tail -> "/" + tail);
        return Arbitraries.maps(Arbitraries.longs().between(1, 0xFFFF_FFFFL), path)
                .ofMaxSize(4);
    }

    private static TablespaceMap parse(String text, PostgresVersion version) {
        return TablespaceMap.parse(text.getBytes(StandardCharsets.UTF_8), version);
    }

    private static String print(TablespaceMap map, PostgresVersion version) {
        return new String(map.toBytes(version), StandardCharsets.UTF_8);
    }
}
