package dev.pitr.recovery;

import static dev.pitr.recovery.World.at;
import static dev.pitr.recovery.World.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How plans and refusals read: golden texts, rewritten into a folder with {@code -Dpitr.test.golden=FOLDER}, then read. */
class PlanPrintTest {
    private static final Instant EVENING = Instant.parse("2026-11-19T22:10:00.25Z");

    private static RestorePlan acrossAFork() {
        return new World()
                .wal(1, 3, 20)
                .fork(2, 1, at(9, 0x90))
                .wal(2, 9, 15)
                .fork(3, 2, at(14, 0x1234))
                .wal(3, 14, 30)
                .without(3, 28)
                .backup("20261119T220000Z-4f1c", 1, at(3, 40), at(4, 312), EVENING)
                .backup("20261120T095000Z-77aa", 3, at(24, 40), at(26, 312))
                .plan(RecoveryTarget.time(Instant.parse("2026-11-20T08:26:42.123456Z"))
                        .exclusive())
                .build();
    }

    private static RestorePlan lone() {
        return new World()
                .backup(
                        "20261120T095000Z-77aa",
                        1,
                        at(3, 40),
                        1,
                        at(3, 312),
                        EVENING,
                        builder -> builder.fromStandby().carriedWal(List.of(segment(1, 3))))
                .plan(RecoveryTarget.immediate())
                .action(TargetAction.PROMOTE)
                .build();
    }

    private static RestoreRefusedException refused() {
        RestorePlanBuilder builder = new World()
                .wal(1, 3, 20)
                .without(1, 8)
                .without(1, 10)
                .without(1, 11)
                .fork(2, 1, at(2, 0))
                .backup("20261119T220000Z-4f1c", 1, at(3, 40), at(4, 312), EVENING)
                .backup("20261120T095000Z-77aa", 1, at(12, 40), at(12, 312))
                .plan(RecoveryTarget.time(Instant.parse("2026-11-20T08:26:42.123456Z")))
                .timeline(TimelineTarget.current());
        return catchThrowableOfType(RestoreRefusedException.class, builder::build);
    }

    static Stream<Arguments> goldens() {
        return Stream.of(
                Arguments.of("across-a-fork.txt", acrossAFork().describe()),
                Arguments.of("across-a-fork.json", acrossAFork().toJson()),
                Arguments.of("lone-backup.txt", lone().describe()),
                Arguments.of("refused.txt", refused().getMessage() + "\n"),
                Arguments.of("refused.json", refused().toJson()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void printsAsBefore(String file, String text) throws IOException {
        if (System.getProperty("pitr.test.golden") != null) {
            Files.writeString(Path.of(System.getProperty("pitr.test.golden"), file), text);
        }
        try (InputStream golden = PlanPrintTest.class.getResourceAsStream(file)) {
            assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void fitsATerminal() {
        assertThat(acrossAFork().describe().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(96));
    }
}
