package dev.pitr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryOptionsTest {
    @Test
    void usesTheFolderThatAFileUrlNames(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("my backups"));

        assertThat(RepositoryOptions.open(spaced.toUri().toString(), "main").toString())
                .contains("main")
                .contains("my");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file://backups",
                "file://backups/main",
                "file:backups",
                "file:///backups#1",
                "file:///backups?x=1",
                "file:///my backups",
                "/backups"
            })
    void refusesWhatDoesNotPlainlyNameAFolder(String url) {
        assertThatThrownBy(() -> RepositoryOptions.open(url, "main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot use \"" + url + "\" as a storage URL: expected file:///DIR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3", "gs"})
    void knowsTheObjectStores(String scheme) {
        assertThatThrownBy(() -> RepositoryOptions.open(scheme + "://bucket/prefix?no-such=1", "main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no option no-such is known, only ");
    }
}
