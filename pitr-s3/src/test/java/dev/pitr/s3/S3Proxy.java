package dev.pitr.s3;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An s3proxy in a process of its own, with its objects in memory, reachable by HTTP and by TLS on the loopback interface.
 * One serves all tests of this JVM and ends with it, however it ends.
 */
final class S3Proxy {
    static final String ACCESS_KEY = "loopback-access-key";
    static final String SECRET_KEY = "loopback-secret-key-8f31c0";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String KEYSTORE_PASSWORD = "loopback";

    /** Ends the server when the standard input closes, as it does when this JVM dies. */
    private static final String UNTIL_INPUT_ENDS = "\"$@\" & child=$!; cat >/dev/null; kill -9 $child";

    private static S3Proxy shared;

    private final URI http;
    private final URI https;
    private final Path keystore;

    private S3Proxy(Path folder) throws IOException {
        keystore = folder.resolve("keystore.p12");
        makeCertificate();
        http = URI.create("http://127.0.0.1:" + freePort());
        https = URI.create("https://127.0.0.1:" + freePort());
        Path settings = Files.writeString(folder.resolve("s3proxy.properties"), """
                s3proxy.authorization=aws-v4
                s3proxy.endpoint=%s
                s3proxy.secure-endpoint=%s
                s3proxy.keystore-path=%s
                s3proxy.keystore-password=%s
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=transient-nio2
                """.formatted(
                        http, https, keystore, KEYSTORE_PASSWORD, ACCESS_KEY, SECRET_KEY));
        Path log = folder.resolve("s3proxy.log");
        Process process = new ProcessBuilder(command(settings))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder)));
        await().atMost(START_LIMIT).until(() -> answers(http, process, log) && answers(https, process, log));
    }

    private static List<String> command(Path settings) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "s3proxy"));
        command.addAll(List.of(
                java("java"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("pitr.test.s3proxy", "target/s3proxy.jar"),
                "--properties",
                settings.toString()));
        return command;
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    static synchronized S3Proxy shared() {
        if (shared == null) {
            try {
                shared = new S3Proxy(Files.createTempDirectory("pitr-s3proxy"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    URI http() {
        return http;
    }

    URI https() {
        return https;
    }

    /** Holds the certificate of {@link #https()}, for 127.0.0.1 only. */
    Path keystore() {
        return keystore;
    }

    static char[] keystorePassword() {
        return KEYSTORE_PASSWORD.toCharArray();
    }

    private void makeCertificate() throws IOException {
        run(
                java("keytool"),
                "-genkeypair",
                "-alias",
                "loopback",
                "-keyalg",
                "EC",
                "-dname",
                "CN=loopback",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                KEYSTORE_PASSWORD);
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(URI endpoint, Process process, Path log) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("s3proxy has ended: " + Files.readString(log));
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void end(Process process, Path folder) {
        try {
            process.getOutputStream().close();
            process.waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
