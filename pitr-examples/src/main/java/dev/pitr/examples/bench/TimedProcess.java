package dev.pitr.examples.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One process that has ended well, with those that it started.
 *
 * @param seconds from its start to its exit
 * @param cpuSeconds processor time of all of them; what the last tenth of a second took may be missing
 * @param peakKibibytes the most memory that one of them had at once; 0 where the system has no {@code /proc}
 */
record TimedProcess(double seconds, double cpuSeconds, long peakKibibytes) {
    private static final long POLL_MILLIS = 100;
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
        Map<Long, Duration> cpu = new HashMap<>();
        long peak = 0;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .toList();
            for (ProcessHandle member : family) {
                member.info().totalCpuDuration().ifPresent(spent -> cpu.put(member.pid(), spent));
                peak = Math.max(peak, peakKibibytes(member.pid()));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exits " + process.exitValue());
        }
        double cpuSeconds =
                cpu.values().stream().mapToDouble(Duration::toMillis).sum() / 1000;
        return new TimedProcess(seconds, cpuSeconds, peak);
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
        return new TimedProcess(
                seconds + next.seconds, cpuSeconds + next.cpuSeconds, Math.max(peakKibibytes, next.peakKibibytes));
    }
}
