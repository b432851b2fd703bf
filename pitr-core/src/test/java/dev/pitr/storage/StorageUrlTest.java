package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageUrlTest {
    @Test
    void tellsItsPartsAndPrintsItself() {
        String text = "s3://backups_1/pg/main?region=eu-west-1&endpoint=https://minio:9000&path-style=true&tag=a%26b+c";

        StorageUrl url = StorageUrl.parse(text);

        assertThat(url.scheme()).isEqualTo("s3");
        assertThat(url.bucket()).isEqualTo("backups_1");
        assertThat(url.prefix()).isEqualTo("pg/main");
        assertThat(url.option("region")).contains("eu-west-1");
        assertThat(url.option("endpoint")).contains("https://minio:9000");
        assertThat(url.option("tag")).contains("a&b+c");
        assertThat(url.option("other")).isEmpty();
        assertThat(url.isOn("path-style")).isTrue();
        assertThat(url.isOn("other")).isFalse();
        assertThat(url).hasToString(text).isEqualTo(StorageUrl.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"s3://b,''", "s3://b/,''", "s3://b/x/,x", "s3://b/x/y,x/y", "gs://b//x//,x"})
    void takesThePathWithoutItsOuterSlashesForThePrefix(String url, String prefix) {
        assertThat(StorageUrl.parse(url).prefix()).isEqualTo(prefix);
        assertThat(StorageUrl.parse(url).bucket()).isEqualTo("b");
    }

    @Test
    void opensTheFolderOfAFileUrlAndMakesItOnlyWhenAskedTo(@TempDir Path home) throws Exception {
        Path there = Files.createDirectory(home.resolve("my backups"));
        Path missing = home.resolve("new");

        StorageUrl.parse(there.toUri().toString()).open().put(new ObjectKey("a"), Content.of(new byte[1]));
        assertThat(there.resolve("a")).hasSize(1);
        assertThatThrownBy(() -> StorageUrl.parse(missing.toUri().toString()).open())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(missing.toString());
        StorageUrl.parse(missing.toUri().toString()).create();
        assertThat(missing).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file://backups",
                "file://backups/main",
                "file:backups",
                "file:///backups#1",
                "file:///backups?region=x",
                "file:///my backups",
                "/backups",
                "s3:bucket",
                ""
            })
    void refusesWhatDoesNotPlainlyNameAPlace(String url) {
        assertThatThrownBy(() -> StorageUrl.parse(url).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot use \"" + url + "\" as a storage URL: expected file:///DIR");
    }

    @Test
    void refusesASchemeThatNothingOpensAndSaysWhatToAdd() {
        assertThatThrownBy(() -> StorageUrl.parse("s3://bucket/prefix").open())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("s3://bucket/prefix")
                .hasMessageContaining("dev.pitr:pitr-s3")
                .extracting(e -> ((StorageException) e).code())
                .isEqualTo("storage.no-provider");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://AKIA:hunter2@bucket/x",
                "s3://hunter2@bucket",
                "s3://AKIA:hunter2@buc ket",
                "s3://hunter2 @x"
            })
    void neverRepeatsAPassword(String url) {
        assertThatThrownBy(() -> StorageUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({"s3://b?region,?NAME=VALUE", "s3://b?=x,?NAME=VALUE", "s3://b?a=1&a=2,option a is given twice"})
    void refusesMalformedAndRepeatedOptions(String url, String message) {
        assertThatThrownBy(() -> StorageUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesOptionsThatAStoreDoesNotKnow() {
        StorageUrl url = StorageUrl.parse("s3://b?regoin=x");

        assertThatThrownBy(() -> url.requireOptions(List.of("region", "endpoint")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("no option regoin is known, only endpoint, region");
        url.requireOptions(List.of("regoin"));
    }

    @Test
    void refusesAYesThatIsNone() {
        assertThatThrownBy(() -> StorageUrl.parse("s3://b?path-style=yes").isOn("path-style"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("option path-style is yes, expected true or false");
    }
}
