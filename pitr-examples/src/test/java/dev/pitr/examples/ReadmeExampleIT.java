package dev.pitr.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.Pitr;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.storage.FileSystemStorage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example does what it says, and is this code. */
class ReadmeExampleIT {
    @TempDir
    Path home;

    @Test
    void restoresWithTheLinesOfTheReadme() throws Exception {
        Path backups = home.resolve("backups");
        Path data = home.resolve("data");
        Path restored = home.resolve("restored");
        try (EmbeddedPostgres server = Servers.production(data)) {
            String jdbcUrl = Servers.url(server);
            Properties credentials = Shop.user();
            Pitr opening = Pitr.at(FileSystemStorage.create(backups), "orders");
            opening.init(jdbcUrl, credentials);
            try (ContinuousArchiving archiving = ContinuousArchiving.start(opening, data)) {
                // README: the paths differ
                Pitr pitr = Pitr.at(FileSystemStorage.at(backups), "orders");
                pitr.backup(jdbcUrl, credentials).build().run();
                Instant justBefore = Instant.now();
                // The mistake: a time that no transaction follows would be refused.
                Shop.ask(jdbcUrl, "select pg_current_xact_id()");
                archiving.finish(jdbcUrl);
                RestorePlan plan = pitr.plan(RecoveryTarget.time(justBefore)).build();
                System.out.println(plan.describe());
                pitr.restore(plan, restored).build().execute().close();
            }
        }
        assertThat(restored.resolve("global/pg_control")).exists();
        assertThat(restored.resolve("recovery.signal")).exists();
    }

    @Test
    void standsInTheReadmeWithTheseCalls() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/pitr/examples/ReadmeExampleIT.java"));
        List<String> example = readme.substring(readme.indexOf("```java") + 7)
                .lines()
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();
        assertThat(example).hasSize(5);
        String paths = "Path.of\\(\"/backups\"\\)|Path.of\\(\"/restored\"\\)|backups|restored";
        String code = source.replaceAll(paths, "PATH").replace(".close();", ";");
        assertThat(example).allSatisfy(line -> assertThat(code).contains(line.replaceAll(paths, "PATH")));
    }
}
