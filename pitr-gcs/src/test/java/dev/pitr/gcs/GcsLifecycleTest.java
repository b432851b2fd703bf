package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.GenericJson;
import dev.pitr.error.PitrException;
import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GcsLifecycleTest {
    private static final String INCARNATION = "main/18-7512345678901234567/";

    private static GcsLifecycleBuilder builder() {
        return new GcsLifecycleBuilder("prod/main/");
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    @Test
    void writesOneRuleForEachIntent() throws ApiError {
        GcsLifecycle lifecycle = builder()
                .moveWal(GcsStorageClass.NEARLINE, days(7))
                .moveBackups(GcsStorageClass.COLDLINE, days(30))
                .expireAfter(days(120), days(90))
                .removeOldVersionsAfter(days(14))
                .build();

        List<?> rules = (List<?>) FakeGcs.parse(lifecycle.toJson()).get("rule");
        assertThat(rules).hasSize(4);
        assertThat(rules.get(0).toString())
                .contains("NEARLINE", "age=7", "daysSinceCustomTime=7", "prod/main/", "0.zst", "F.zst");
        assertThat(rules.get(1).toString()).contains("COLDLINE", "age=30", "daysSinceCustomTime=30", ".tar.zst");
        assertThat(rules.get(2).toString()).contains("Delete", "age=120", "daysSinceCustomTime=120", ".tar", "A.zst");
        assertThat(rules.get(3).toString()).contains("Delete", "daysSinceNoncurrentTime=14", "prod/main/");
    }

    @ParameterizedTest
    @CsvSource({
        "wal/00000001/000000010000002A/000000010000002A000000FF.zst, WAL",
        "wal/00000001/000000010000002A/000000010000002A0000000E.zst, WAL",
        "backups/20261120T142642Z-4f1c/base/00001.tar.zst, BACKUP_DATA",
        "backups/20261120T142642Z-4f1c/16390/00001.tar.gz, BACKUP_DATA",
        "backups/20261120T142642Z-4f1c/wal/00001.tar, BACKUP_DATA",
        "wal/00000001/000000010000002A000000FF.partial.zst, NOTHING",
        "wal/00000001/000000010000002A000000FF.00000028.backup.zst, NOTHING",
        "wal/00000002.history.zst, NOTHING",
        "index/00000001/000000010000002A.page.zst, NOTHING",
        "index/00000001/000000010000002B.open.zst, NOTHING",
        "index/00000001/0000000100000000.rollup.zst, NOTHING",
        "backups/20261120T142642Z-4f1c/started.json, NOTHING",
        "backups/20261120T142642Z-4f1c/parts.json.zst, NOTHING",
        "backups/20261120T142642Z-4f1c/manifest.json.zst, NOTHING",
        "backups/20261120T142642Z-4f1c/backup.json, NOTHING",
        "cluster.json, NOTHING",
        "holds/x.json, NOTHING"
    })
    void selectsSegmentsAndPartsAndNothingElse(String object, String selected) {
        GcsLifecycle lifecycle = builder()
                .moveWal(GcsStorageClass.NEARLINE, days(7))
                .moveBackups(GcsStorageClass.COLDLINE, days(30))
                .expireAfter(days(120), days(90))
                .build();

        List<Boolean> selects = lifecycle.rules().stream()
                .map(rule -> selects(rule, "prod/" + INCARNATION + object))
                .toList();

        boolean wal = selected.equals("WAL");
        boolean part = selected.equals("BACKUP_DATA");
        assertThat(selects).containsExactly(wal, part, wal || part);
        if (wal || part) {
            // Else it wouldn't have a custom time, and no rule would ever fit.
            assertThat(ObjectKind.of(new ObjectKey(INCARNATION + object))).isEqualTo(ObjectKind.valueOf(selected));
        }
    }

    private static boolean selects(GenericJson rule, String name) {
        Map<?, ?> condition = LifecycleRule.condition(rule);
        return ((List<?>) condition.get("matchesPrefix")).stream().anyMatch(prefix -> name.startsWith((String) prefix))
                && ((List<?>) condition.get("matchesSuffix")).stream().anyMatch(end -> name.endsWith((String) end));
    }

    @Test
    void refusesToExpireWhatTheRepositoryKeeps() {
        assertThatThrownBy(() -> builder().expireAfter(days(119), days(90)).build())
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "Cannot expire objects of prod/main/ after 119 days: the repository keeps what reaches back 90"
                                + " days, and needs a backup from before that. Expire after 120 days at least, or not at all.")
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("storage.lifecycle-conflict");
        assertThatCode(() -> builder().expireAfter(days(120), days(90)).build()).doesNotThrowAnyException();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> builder().build()).hasMessageContaining("nothing is moved");
        assertThatThrownBy(() -> builder().moveWal(GcsStorageClass.STANDARD, days(1)))
                .hasMessageContaining("colder class");
        assertThatThrownBy(() -> builder()
                        .moveBackups(GcsStorageClass.ARCHIVE, days(40))
                        .expireAfter(days(40), days(1))
                        .build())
                .hasMessageContaining("objects move only after 40");
        assertThatCode(() -> builder()
                        .moveBackups(GcsStorageClass.ARCHIVE, days(39))
                        .expireAfter(days(40), days(1))
                        .build())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT23H", "PT25H", "P-1D"})
    void refusesWhatIsNotWholeDays(Duration duration) {
        assertThatThrownBy(() -> builder().moveWal(GcsStorageClass.NEARLINE, duration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(duration.toString());
    }

    static Stream<Consumer<GcsLifecycleBuilder>> intents() {
        return Stream.of(
                b -> b.moveWal(GcsStorageClass.NEARLINE, days(1)),
                b -> b.moveBackups(GcsStorageClass.NEARLINE, days(1)),
                b -> b.expireAfter(days(40), days(1)),
                b -> b.removeOldVersionsAfter(days(1)));
    }

    @ParameterizedTest
    @MethodSource("intents")
    void refusesAnIntentGivenTwice(Consumer<GcsLifecycleBuilder> intent) {
        GcsLifecycleBuilder builder = builder();
        intent.accept(builder);

        assertThatThrownBy(() -> intent.accept(builder)).hasMessageContaining("given twice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"action":{"type":"Delete"},"condition":{"age":30}}                                                | true
            {"action":{"type":"Delete"},"condition":{"age":30,"isLive":true}}                                  | true
            {"action":{"type":"Delete"},"condition":{"matchesPrefix":["prod/"]}}                               | true
            {"action":{"type":"Delete"},"condition":{"matchesPrefix":["x","prod/main/18-1/index/"]}}           | true
            {"action":{"type":"Delete"},"condition":{"numNewerVersions":0}}                                    | true
            {"action":{"type":"Delete"},"condition":{"someFutureCondition":1}}                                 | true
            {"action":{"type":"Delete"},"condition":{"matchesPrefix":["logs/","prod/mainly/"]}}                | false
            {"action":{"type":"Delete"},"condition":{"isLive":false}}                                          | false
            {"action":{"type":"Delete"},"condition":{"daysSinceNoncurrentTime":3}}                             | false
            {"action":{"type":"Delete"},"condition":{"numNewerVersions":3}}                                    | false
            {"action":{"type":"SetStorageClass","storageClass":"ARCHIVE"},"condition":{"age":30}}              | false
            {"action":{"type":"AbortIncompleteMultipartUpload"},"condition":{"age":1}}                         | false
            """)
    void tellsWhichRuleOfOthersWouldDeleteRecords(String rule, boolean harmful) throws ApiError {
        assertThat(LifecycleRule.mayDelete(FakeGcs.parse(rule), "prod/main/")).isEqualTo(harmful);
    }
}
