package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "port = 5432|port|5432",
                "port 5432|port|5432",
                "  Port=5432  # comment|port|5432",
                "archive_command = 'cp %p \"/a b/%f\"'|archive_command|cp %p \"/a b/%f\"",
                "x.y = 'it''s'|x.y|it's",
                "a = 'it\\'s'|a|it's",
                "a = '\\101\\\\'|a|A\\",
                "a = ''|a|\"\"",
                "a = '# no comment' # comment|a|# no comment",
                "include_dir 'conf.d'|include_dir|conf.d",
                "shared_buffers = 128MB|shared_buffers|128MB",
                "# port = 1|\"\"|\"\"",
                "a = 'unfinished|\"\"|\"\"",
                "a =|\"\"|\"\"",
            })
    void readsLinesAsTheServerDoes(String line, String name, String value) {
        assertThat(ConfigurationFile.parse(line).lines())
                .containsExactly(new ConfigurationFile.Line(line, name, value));
    }

    @Property
    void readsBackWhatItPrints(
            @ForAll @AlphaChars @StringLength(min = 1, max = 20) String name,
            @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 60) String value) {
        assertThat(ConfigurationFile.parse(ConfigurationFile.format(name, value))
                        .lines())
                .singleElement()
                .extracting(ConfigurationFile.Line::value)
                .isEqualTo(value);
    }

    @Test
    void refusesWhatASettingsFileCannotHold() {
        assertThatThrownBy(() -> ConfigurationFile.format("port", "1\nfsync = off"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port has a line end");
        assertThatThrownBy(() -> ConfigurationFile.format("po rt", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"po rt\" is no name");
    }
}
