package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pitr.e2e.FaultTrials;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testkit.HttpFault;
import dev.pitr.testkit.HttpFaultProxy;
import dev.pitr.testkit.HttpFaultSweep;
import dev.pitr.testkit.ProxiedRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Every fault of HTTP at every request of archive, backup and restore, with a real server: nothing acknowledged is
 * missing, nothing half done is visible, and the repeated job succeeds. Prints how many requests there are.
 *
 * <p>The jobs' client mostly doesn't try again, so that each fault reaches the job. The untagged tests go through some of
 * the positions only; the tests tagged {@code soak} go through all.
 */
class S3FaultSweepIT {
    private static final List<HttpFault> BREAKS = List.of(
            HttpFault.RESET_BEFORE,
            HttpFault.RESET_AFTER,
            HttpFault.CUT_REQUEST,
            HttpFault.UNAVAILABLE_BEFORE,
            HttpFault.UNAVAILABLE_AFTER,
            HttpFault.CUT_ANSWER,
            HttpFault.SLOW);
    private static final List<HttpFault> FLIPS = List.of(HttpFault.FLIP_REQUEST, HttpFault.FLIP_ANSWER);

    @TempDir
    static Path folder;

    private static S3Client client;
    private static HttpFaultProxy proxy;
    private static FaultTrials trials;
    private static int maxAttempts = 1;

    @BeforeAll
    static void startServers() {
        assumeFalse(S3TestServer.isForeign(), "the proxy speaks plain HTTP, to a server of ours");
        client = S3TestServer.client().build();
        proxy = HttpFaultProxy.to(S3TestServer.endpoint().orElseThrow());
        S3Site.provideCredentials();
        trials = FaultTrials.start(folder, place -> new S3Site(client, place).attempts(maxAttempts));
    }

    @AfterAll
    static void stopServers() {
        if (trials != null) {
            trials.close();
            proxy.close();
            client.close();
            S3Site.withdrawCredentials();
        }
    }

    @Test
    void archivingSurvivesFaults() {
        sweep("archive", trials.archive(), 5);
    }

    @Test
    void aBackupSurvivesFaults() {
        sweep("backup", trials.backup(), 25);
    }

    @Test
    void aRestoreSurvivesFaults() {
        sweep("restore", trials.restore(), 25);
    }

    @Test
    @Tag("soak")
    void archivingSurvivesAnyFault() {
        sweep("archive", trials.archive(), 1);
    }

    @Test
    @Tag("soak")
    void aBackupSurvivesAnyFault() {
        sweep("backup", trials.backup(), 1);
    }

    @Test
    @Tag("soak")
    void aRestoreSurvivesAnyFault() {
        sweep("restore", trials.restore(), 1);
    }

    @Test
    @Tag("soak")
    void aClientThatTriesAgainHidesWhatHappensOnce() {
        maxAttempts = 5;
        try {
            run("archive, tried again", healed(trials.archive()), 1, BREAKS);
            run("backup, tried again", healed(trials.backup()), 1, BREAKS);
        } finally {
            maxAttempts = 1;
        }
    }

    private static void sweep(String job, Supplier<HttpFaultSweep.Trial> trials, int stride) {
        run(job, trials, stride, BREAKS);
        report(
                job + ", damaged",
                HttpFaultSweep.of(job, proxy, trials)
                        .matching(S3FaultSweepIT::carriesAnObject)
                        .everyNth(stride)
                        .run(FLIPS));
        report(
                job + ", for good",
                HttpFaultSweep.of(job, proxy, trials)
                        .lasting()
                        .everyNth(stride)
                        .run(List.of(HttpFault.RESET_BEFORE, HttpFault.RESET_AFTER)));
    }

    private static void run(String job, Supplier<HttpFaultSweep.Trial> trials, int stride, List<HttpFault> faults) {
        report(job, HttpFaultSweep.of(job, proxy, trials).everyNth(stride).run(faults));
    }

    private static void report(String job, HttpFaultSweep.Report report) {
        System.out.println("Faults of HTTP in " + job + ": " + report.requests() + " requests, runs with a fault "
                + report.runs());
    }

    /** Listings and the like have no checksum: what protects them on the way is TLS. */
    private static boolean carriesAnObject(ProxiedRequest request) {
        boolean isList =
                request.query().contains("list-type=") || request.query().startsWith("uploads");
        return !isList && (request.method().equals("PUT") || request.method().equals("GET"));
    }

    /** The same trials, which must succeed at once. */
    private static Supplier<HttpFaultSweep.Trial> healed(Supplier<HttpFaultSweep.Trial> trials) {
        return () -> new Healed(trials.get());
    }

    private record Healed(HttpFaultSweep.Trial trial) implements HttpFaultSweep.Trial {
        @Override
        public ObjectStorage storage() {
            return trial.storage();
        }

        @Override
        public ObjectStorage openThrough(URI proxy) {
            return trial.openThrough(proxy);
        }

        @Override
        public void run(ObjectStorage storage) throws Exception {
            trial.run(storage);
        }

        @Override
        public void check(@Nullable PitrException failure) throws Exception {
            assertThat(failure).isNull();
            trial.check(null);
        }

        @Override
        public void checkRepeated() throws Exception {
            trial.checkRepeated();
        }

        @Override
        public void close() throws Exception {
            trial.close();
        }
    }
}
