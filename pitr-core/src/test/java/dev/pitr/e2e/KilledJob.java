package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link JobProgram}s and kills them, as {@code kill -9} does, at a chosen moment after they have started to work. */
final class KilledJob {
    private final List<String> phases = new ArrayList<>();
    private final Process process;
    private final BufferedReader output;

    private KilledJob(List<String> arguments) throws IOException {
        process = new ProcessBuilder(ChildJvm.command(JobProgram.class, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("ready");
    }

    /** Runs a job to its end and tells how long its work took. */
    static Duration measure(List<String> arguments) throws IOException, InterruptedException {
        KilledJob job = new KilledJob(arguments);
        long start = System.nanoTime();
        job.readPhases();
        assertThat(job.process.waitFor()).isZero();
        assertThat(job.phases).endsWith("done");
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Kills a job after so much work; returns the last phase that it told of, {@code done} if it had ended. */
    static String killAfter(Duration work, List<String> arguments) throws IOException, InterruptedException {
        KilledJob job = new KilledJob(arguments);
        job.process.waitFor(work.toNanos(), TimeUnit.NANOSECONDS);
        // By its handle: Process.destroyForcibly() would close the pipe as well, and with it what the job has said.
        job.process.toHandle().destroyForcibly();
        job.process.waitFor();
        job.readPhases();
        return job.phases.isEmpty() ? "starting" : job.phases.get(job.phases.size() - 1);
    }

    private void readPhases() {
        try (output) {
            output.lines().forEach(phases::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
