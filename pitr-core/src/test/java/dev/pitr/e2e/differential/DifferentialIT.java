package dev.pitr.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where recovery ends, predicted and real: for random targets in the WAL of random clusters, whatever is predicted is
 * compared with what a server of that version does. Targets that would be refused really run, too.
 *
 * <p>{@code -Dpitr.test.seed=N} tries other clusters and targets. What clients do at the same time isn't the same in two
 * runs of one seed, so a disagreement tells all that is needed to understand it.
 */
class DifferentialIT {
    private static final int TRIALS_A_HOLE = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void predictsWhereServersEnd(PostgresVersion version) throws Exception {
        Totals totals = new Totals();

        examine(version, seed(), 40, 2, 10, totals);

        print(version, totals);
        assertThat(totals.disagreements()).isEmpty();
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void predictsWhereServersEndInManyClusters(PostgresVersion version) throws Exception {
        Totals totals = new Totals();

        try {
            for (int i = 1; i <= 4; i++) {
                examine(version, seed() + i, 60, 1 + i % 4, 50, totals);
            }
        } finally {
            print(version, totals);
        }

        assertThat(totals.disagreements()).isEmpty();
        assertThat(totals.targets()).isGreaterThanOrEqualTo(200);
        assertThat(totals.edges() * 100 / totals.targets()).isGreaterThanOrEqualTo(30);
    }

    private static long seed() {
        return Long.getLong("pitr.test.seed", 1);
    }

    private void examine(PostgresVersion version, long seed, int steps, int timelines, int trials, Totals totals)
            throws Exception {
        World world = new World(folder.resolve("world" + seed), version, seed);
        new WorldBuilder(world, seed, steps).build(timelines);
        TrialPicker picker = new TrialPicker(world, seed);
        Examination examination = new Examination(world, totals);
        Random random = new Random(seed);
        List<WalSegment> segments = world.segments();
        for (int done = 0; done < trials; done += TRIALS_A_HOLE) {
            WalSegment hole = segments.get(random.nextInt(segments.size()));
            boolean isWhole = random.nextInt(3) > 0;
            List<Trial> block = new ArrayList<>();
            for (int i = 0; i < TRIALS_A_HOLE; i++) {
                block.add(isWhole ? picker.next() : picker.nextNear(hole));
            }
            if (isWhole) {
                block.forEach(examination::examine);
            } else {
                world.hide(hole.name());
                block.forEach(examination::examine);
                world.show(hole.name());
            }
        }
    }

    private static void print(PostgresVersion version, Totals totals) {
        PrintStream out = System.out;
        out.println("PostgreSQL " + version + ": " + totals);
    }
}
