package dev.pitr.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
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

    String name() {
        return name;
    }

    TimedProcess last() {
        return runs.get(runs.size() - 1);
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Prints a table. The ratio is the median over the rounds, so that it holds when the machine's speed drifts. */
    static void print(long bytes, List<Samples> jobs, Samples yardstick) {
        System.out.printf(
                "%n| %-19s | %8s | %7s | %7s | %5s | %6s | %6s | %6s |%n",
                "", "median s", "min s", "max s", "ratio", "MB/s", "CPU s", "MiB");
        for (Samples job : jobs) {
            double[] seconds = job.sorted(TimedProcess::seconds);
            System.out.printf(
                    "| %-19s | %8.1f | %7.1f | %7.1f | %5.2f | %6.0f | %6.1f | %6d |%n",
                    job.name,
                    median(seconds),
                    seconds[0],
                    seconds[seconds.length - 1],
                    median(job.ratios(yardstick)),
                    bytes / 1e6 / median(seconds),
                    median(job.sorted(TimedProcess::cpuSeconds)),
                    job.peakMebibytes());
        }
    }

    private double[] sorted(ToDoubleFunction<TimedProcess> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray();
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
