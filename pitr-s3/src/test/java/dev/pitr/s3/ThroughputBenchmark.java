package dev.pitr.s3;

import com.sun.management.OperatingSystemMXBean;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Puts and gets 100 objects of 16 MiB, 8 at a time, through {@link S3Storage} and by the bare SDK, in turn, against a
 * server that runs already. Arguments: a URL as of {@link StorageUrl} with a region, and how many rounds.
 */
final class ThroughputBenchmark {
    private static final int OBJECTS = 100;
    private static final int OBJECT_BYTES = 16 << 20;
    private static final int THREADS = 8;

    private final StorageUrl url;
    private final byte[] bytes = new byte[OBJECT_BYTES];
    private final Map<String, List<Double>> mebibytesPerSecond = new LinkedHashMap<>();
    private final Map<String, List<Double>> processorSeconds = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private ThroughputBenchmark(StorageUrl url) {
        this.url = url;
        new Random(1).nextBytes(bytes);
    }

    /** What is done with the n-th object. */
    private interface Work {
        void run(int n) throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        new ThroughputBenchmark(StorageUrl.parse(arguments[0])).run(Integer.parseInt(arguments[1]));
    }

    private void run(int rounds) throws Exception {
        try (ObjectStorage storage = url.open();
                S3Client client = bareClient()) {
            // The first round warms the JVMs up.
            for (int round = 0; round <= rounds; round++) {
                put(storage, client);
                get(storage, client);
                if (round == 0) {
                    mebibytesPerSecond.clear();
                    processorSeconds.clear();
                }
            }
        } finally {
            threads.shutdown();
        }
        print();
    }

    private void put(ObjectStorage storage, S3Client client) throws Exception {
        measure(
                "put, SDK",
                n -> client.putObject(
                        request -> request.bucket(url.bucket()).key(url.prefix() + "/bare/" + n),
                        RequestBody.fromBytes(bytes)));
        measure("put", n -> storage.put(key("put", n), Content.of(bytes)));
        measure("createIfAbsent", n -> storage.createIfAbsent(key("create", n), Content.of(bytes)));
        measure("upload of unknown length", n -> upload(storage, key("upload", n)));
        storage.delete(
                IntStream.range(0, OBJECTS).mapToObj(n -> key("create", n)).toList());
    }

    private void upload(ObjectStorage storage, ObjectKey key) throws IOException {
        try (ObjectUpload upload = storage.upload(key)) {
            upload.write(bytes);
            upload.commit();
        }
    }

    private void get(ObjectStorage storage, S3Client client) throws Exception {
        measure(
                "get, SDK",
                n -> drain(
                        client.getObject(request -> request.bucket(url.bucket()).key(url.prefix() + "/bare/" + n))));
        measure("get", n -> drain(storage.open(key("put", n))));
    }

    private static ObjectKey key(String folder, int n) {
        return new ObjectKey(folder + "/" + n);
    }

    private static void drain(InputStream stream) throws IOException {
        try (stream) {
            if (stream.transferTo(OutputStream.nullOutputStream()) != OBJECT_BYTES) {
                throw new IOException("An object of another size");
            }
        }
    }

    private void measure(String name, Work work) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            int n = i;
            tasks.add(() -> {
                work.run(n);
                return null;
            });
        }
        long startOfProcessor = processorNanos();
        long start = System.nanoTime();
        for (Future<Void> done : threads.invokeAll(tasks)) {
            done.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double rate = (double) OBJECTS * OBJECT_BYTES / (1 << 20) / seconds;
        mebibytesPerSecond.computeIfAbsent(name, any -> new ArrayList<>()).add(rate);
        processorSeconds
                .computeIfAbsent(name, any -> new ArrayList<>())
                .add((processorNanos() - startOfProcessor) / 1e9);
    }

    /** Of this process alone, which a busy machine doesn't change much. */
    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private S3Client bareClient() {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(2 * THREADS))
                .region(Region.of(url.option("region").orElseThrow()))
                .forcePathStyle(url.isOn("path-style"));
        url.option("endpoint").map(URI::create).ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private void print() {
        System.out.println("| | MiB/s, median | min | max | beside the SDK | CPU s | beside the SDK |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|");
        mebibytesPerSecond.forEach((name, rates) -> {
            double[] sorted = rates.stream().mapToDouble(rate -> rate).sorted().toArray();
            System.out.printf(
                    "| %s | %.0f | %.0f | %.0f | %.2f | %.1f | %.2f |%n",
                    name,
                    median(sorted),
                    sorted[0],
                    sorted[sorted.length - 1],
                    ratio(mebibytesPerSecond, name),
                    median(processorSeconds.get(name).stream()
                            .mapToDouble(seconds -> seconds)
                            .sorted()
                            .toArray()),
                    ratio(processorSeconds, name));
        });
    }

    /** The median over the rounds of the ratio to the SDK's figure in the same round. */
    private static double ratio(Map<String, List<Double>> figures, String name) {
        List<Double> own = figures.get(name);
        List<Double> bare = figures.get(name.startsWith("get") ? "get, SDK" : "put, SDK");
        double[] ratios = new double[own.size()];
        Arrays.setAll(ratios, round -> own.get(round) / bare.get(round));
        Arrays.sort(ratios);
        return median(ratios);
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
