package dev.pitr.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The runs of one job. */
final class Samples {
    private final String name;
    private final List<TimedProcess> runs = new ArrayList<>();

    Samples(String name) {
        this.name = name;
    }

    void add(TimedProcess run) {
        runs.add(run);
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Prints a table. The ratio is the median over the rounds, so that it holds when the machine's speed drifts. */
    static void print(long bytes, List<Samples> jobs, Samples yardstick) {
        System.out.printf(
                "%n| %-20s | %8s | %8s | %8s | %6s | %8s | %8s |%n",
                "", "median s", "min s", "max s", "MB/s", "ratio", "peak MiB");
        for (Samples job : jobs) {
            double[] seconds = job.seconds();
            System.out.printf(
                    "| %-20s | %8.2f | %8.2f | %8.2f | %6.0f | %8.2f | %8d |%n",
                    job.name,
                    median(seconds),
                    seconds[0],
                    seconds[seconds.length - 1],
                    bytes / 1e6 / median(seconds),
                    median(job.ratios(yardstick)),
                    job.peakMebibytes());
        }
    }

    private double[] seconds() {
        return runs.stream().mapToDouble(TimedProcess::seconds).sorted().toArray();
    }

    private double[] ratios(Samples yardstick) {
        return IntStream.range(0, runs.size())
                .mapToDouble(i -> runs.get(i).seconds() / yardstick.runs.get(i).seconds())
                .sorted()
                .toArray();
    }

    private long peakMebibytes() {
        return runs.stream().mapToLong(TimedProcess::peakKibibytes).max().orElse(0) / 1024;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
