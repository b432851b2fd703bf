package dev.pitr.examples.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One process that has ended well.
 *
 * @param seconds from its start to its exit
 * @param peakKibibytes the most memory that it had at once, shells' children not included; 0 where the system has no
 *     {@code /proc}
 */
record TimedProcess(double seconds, long peakKibibytes) {
    private static final long POLL_MILLIS = 20;
    private static final String PEAK = "VmHWM:";

    /** Runs a line of sh, in which the arguments are {@code $0}, {@code $1} and so on. */
    static TimedProcess shell(String line, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", line));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return run(command.toArray(String[]::new));
    }

    static TimedProcess run(String... command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        long peak = 0;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakKibibytes(process.pid()));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exits " + process.exitValue());
        }
        return new TimedProcess(seconds, peak);
    }

    private static long peakKibibytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .map(line -> line.substring(PEAK.length()).replace("kB", "").strip())
                    .mapToLong(Long::parseLong)
                    .sum();
        } catch (IOException | RuntimeException e) {
            return 0; // it has just ended
        }
    }

    /** This one, and another after it. */
    TimedProcess and(TimedProcess next) {
        return new TimedProcess(seconds + next.seconds, Math.max(peakKibibytes, next.peakKibibytes));
    }
}
