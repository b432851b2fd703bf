package dev.pitr.e2e;

import dev.pitr.testkit.FaultSweep;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault at every storage call of archive, backup and restore, on a folder and with a real server: nothing
 * acknowledged is missing, nothing half done is visible, and the repeated job succeeds. Prints how many calls there are.
 *
 * <p>The untagged tests go through some of the positions only; the tests tagged {@code soak} go through all.
 */
class FaultSweepIT {
    private static final int ALL = 1;

    @TempDir
    static Path folder;

    private static FaultTrials trials;

    @BeforeAll
    static void startServer() {
        trials = FaultTrials.start(folder, Site::folder);
    }

    @AfterAll
    static void stopServer() {
        trials.close();
    }

    @Test
    void archivingSurvivesAnyFault() {
        sweep("archive", trials.archive(), ALL);
    }

    @Test
    void aBackupSurvivesFaults() {
        sweep("backup", trials.backup(), 9);
    }

    @Test
    @Tag("soak")
    void aBackupSurvivesAnyFault() {
        sweep("backup", trials.backup(), ALL);
    }

    @Test
    void aRestoreSurvivesFaults() {
        sweep("restore", trials.restore(), 9);
    }

    @Test
    @Tag("soak")
    void aRestoreSurvivesAnyFault() {
        sweep("restore", trials.restore(), ALL);
    }

    private static void sweep(String job, Supplier<? extends FaultSweep.Trial> trials, int stride) {
        FaultSweep.Report report = FaultSweep.of(job, trials).everyNth(stride).run();
        System.out.println("Faults in " + job + ": " + report.positions() + " storage calls, " + report.faults()
                + " runs with a fault at every " + (stride == 1 ? "" : stride + "th ") + "call: " + report.runs());
    }
}
