package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.postgres.PostgresConf.Include;
import dev.pitr.postgres.PostgresConf.IncludeKind;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresConfTest {
    @Test
    void readsAssignmentsCommentsAndIncludes() {
        PostgresConf conf = PostgresConf.parse("""
                # a comment

                port = 5433            # (change requires restart)
                Shared_Buffers 128MB
                listen_addresses='*'
                search_path = '"$user", public'#tight
                  work_mem=4MB
                archive_command = 'test ! -f ''/x/%f'' && cp %p /x/%f'
                log_line_prefix = 'a\\'b\\\\c\\101\\tq'
                my.custom = on
                port = 5434
                include_dir = 'conf.d'
                include_if_exists 'maybe.conf'
                include '/etc/other.conf'
                """);

        assertThat(conf.settings())
                .containsExactly(
                        Map.entry("port", "5434"),
                        Map.entry("shared_buffers", "128MB"),
                        Map.entry("listen_addresses", "*"),
                        Map.entry("search_path", "\"$user\", public"),
                        Map.entry("work_mem", "4MB"),
                        Map.entry("archive_command", "test ! -f '/x/%f' && cp %p /x/%f"),
                        Map.entry("log_line_prefix", "a'b\\cA\tq"),
                        Map.entry("my.custom", "on"));
        assertThat(conf.includes())
                .containsExactly(
                        new Include(IncludeKind.DIRECTORY, "conf.d"),
                        new Include(IncludeKind.FILE_IF_EXISTS, "maybe.conf"),
                        new Include(IncludeKind.FILE, "/etc/other.conf"));
        assertThat(conf.malformedLines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"port", "port =", "= 5", "port = 5 6", "port = 'x", "port = 'x' y", "1port = 5", "a.b.c = 1"})
    void namesLinesThatTheServerWouldRefuse(String line) {
        assertThat(PostgresConf.parse("port = 1\n" + line + "\n").malformedLines())
                .containsExactly(2);
    }

    @Test
    void readsVeryLongLines() {
        String value = "ab\\\\''".repeat(50_000);
        PostgresConf conf = PostgresConf.parse("x = '" + value + "'\ny = '" + "x".repeat(1_000_000));
        assertThat(conf.settings().get("x")).hasSize(200_000);
        assertThat(conf.malformedLines()).containsExactly(2);
    }

    @Property
    void readsWhatItWrites(@ForAll @Chars({'\'', '\\', '#', '='}) @CharRange(from = ' ', to = '\u024F') String value) {
        if (value.chars().noneMatch(c -> c == 0x85)) {
            assertThat(PostgresConf.parse(PostgresConf.line("restore_command", value))
                            .settings())
                    .containsExactly(Map.entry("restore_command", value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
    void refusesToWriteWhatNoFileCanHold(String value) {
        assertThatThrownBy(() -> PostgresConf.line("port", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write the setting port: its value contains a line end or a zero byte.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=", "a'", "a\nb", "1a", "a.b.c"})
    void refusesToWriteWhatIsNoName(String name) {
        assertThatThrownBy(() -> PostgresConf.line(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this is no setting's name");
    }
}
