package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.e2e.FaultTrials;
import dev.pitr.testkit.HttpFault;
import dev.pitr.testkit.HttpFaultProxy;
import dev.pitr.testkit.HttpFaultSweep;
import dev.pitr.testkit.ProxiedRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault of HTTP at requests of archive, backup and restore, by a client that doesn't try again: nothing acknowledged
 * is missing, nothing half done is visible, and the repeated job succeeds.
 */
@Tag("soak")
class GcsFaultSweepIT {
    private static final List<HttpFault> BREAKS = List.of(
            HttpFault.RESET_BEFORE,
            HttpFault.RESET_AFTER,
            HttpFault.CUT_REQUEST,
            HttpFault.UNAVAILABLE_BEFORE,
            HttpFault.UNAVAILABLE_AFTER,
            HttpFault.CUT_ANSWER);
    private static final List<HttpFault> FLIPS = List.of(HttpFault.FLIP_REQUEST, HttpFault.FLIP_ANSWER);

    @TempDir
    static Path folder;

    private static FakeGcs server;
    private static HttpFaultProxy proxy;
    private static FaultTrials trials;

    @BeforeAll
    static void start() {
        server = FakeGcs.start();
        proxy = HttpFaultProxy.to(server.endpoint());
        trials = FaultTrials.start(folder, place -> new GcsSite(server, place));
    }

    @AfterAll
    static void stop() {
        trials.close();
        proxy.close();
        server.close();
    }

    @Test
    void archivingSurvivesFaults() {
        sweep("archive", trials.archive(), 1);
    }

    @Test
    void aBackupSurvivesFaults() {
        sweep("backup", trials.backup(), 5);
    }

    @Test
    void aRestoreSurvivesFaults() {
        sweep("restore", trials.restore(), 5);
    }

    private static void sweep(String job, Supplier<HttpFaultSweep.Trial> trials, int stride) {
        HttpFaultSweep sweep = HttpFaultSweep.of(job, proxy, trials).everyNth(stride);
        requireStruck(sweep.run(BREAKS));
        requireStruck(sweep.matching(GcsFaultSweepIT::carriesAnObject).run(FLIPS));
        requireStruck(sweep.lasting().run(List.of(HttpFault.RESET_BEFORE, HttpFault.RESET_AFTER)));
    }

    /** That nothing goes wrong where nothing was disturbed says little. */
    private static void requireStruck(HttpFaultSweep.Report report) {
        assertThat(report.runs().values()).isNotEmpty().allMatch(runs -> runs > 0);
    }

    /** Listings and the like have no checksum: what protects them on the way is TLS. */
    private static boolean carriesAnObject(ProxiedRequest request) {
        boolean isUpload =
                request.path().startsWith("/upload/") && !request.query().contains("uploadType=resumable&name");
        return isUpload || request.path().startsWith("/download/");
    }
}
