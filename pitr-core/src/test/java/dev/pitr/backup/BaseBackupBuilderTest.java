package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.repository.Repository;
import dev.pitr.storage.InMemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BaseBackupBuilderTest {
    private static BaseBackupBuilder builder() {
        return BaseBackup.builder(Repository.at(new InMemoryStorage(), "test"));
    }

    @Test
    void needsAServer() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call server(url, properties)");
    }

    @Test
    void refusesAnOptionSetTwice() {
        assertThatThrownBy(() -> builder().jobs(1).jobs(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("jobs is set twice");
        assertThatThrownBy(() -> builder().carryWal().carryWal()).hasMessage("carryWal is set twice");
    }

    @Test
    void takesItsBoundsAndRefusesWhatLiesBeyond() {
        assertThatCode(() -> builder().jobs(1)).doesNotThrowAnyException();
        assertThatCode(() -> builder().jobs(64)).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder().jobs(0)).hasMessage("jobs is 0: expected 1 to 64");
        assertThatThrownBy(() -> builder().jobs(65)).hasMessage("jobs is 65: expected 1 to 64");

        assertThatCode(() -> builder().maxRate(32 << 10)).doesNotThrowAnyException();
        assertThatCode(() -> builder().maxRate(1 << 30)).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder().maxRate((32 << 10) - 1)).hasMessageContaining("32 KiB to 1 GiB");
        assertThatThrownBy(() -> builder().maxRate((1 << 30) + 1L)).hasMessageContaining("32 KiB to 1 GiB");

        assertThatCode(() -> builder().partSize(1 << 20)).doesNotThrowAnyException();
        assertThatCode(() -> builder().partSize(1 << 30)).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder().partSize((1 << 20) - 1)).hasMessageContaining("1 MiB to 1 GiB");
        assertThatThrownBy(() -> builder().partSize((1 << 30) + 1L)).hasMessageContaining("1 MiB to 1 GiB");

        assertThatCode(() -> builder().lease(Duration.ofSeconds(3))).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder().lease(Duration.ofMillis(2999))).hasMessageContaining("three seconds");
        assertThatCode(() -> builder().waitForWal(Duration.ZERO)).doesNotThrowAnyException();
        assertThatThrownBy(() -> builder().waitForWal(Duration.ofNanos(-1))).hasMessageContaining("zero or more");
    }

    @Test
    void refusesIdentifiersThatAreNoFolder() {
        assertThatCode(() -> builder().id("a-Z_9")).doesNotThrowAnyException();
        assertThatCode(() -> builder().id("a".repeat(64))).doesNotThrowAnyException();
        for (String id : List.of("", "a/b", "..", "a b", "a".repeat(65))) {
            assertThatThrownBy(() -> builder().id(id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 64 of [A-Za-z0-9_-]");
        }
    }

    @Test
    void refusesLabelsThatTheServerWouldRefuse() {
        assertThatThrownBy(() -> builder()
                        .server("jdbc:postgresql://localhost/postgres", new Properties())
                        .label("two\nlines")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label");
    }

    @Test
    void readsTheListOfLibrariesAsTheServerDoes() {
        assertThat(ServerFacts.names("")).isEmpty();
        assertThat(ServerFacts.names("pg_stat_statements, auto_explain"))
                .containsExactly("pg_stat_statements", "auto_explain");
        assertThat(ServerFacts.names("\"odd, name\"")).containsExactly("odd, name");
        assertThat(ServerFacts.names("a,\"say \"\"b\"\"\",c")).containsExactly("a", "say \"b\"", "c");
    }
}
