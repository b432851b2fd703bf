package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;

/**
 * A server of the store's JSON API, on the loopback, with its objects in memory. It does what {@link FakeApi} says, and
 * goes wrong as it is told.
 */
final class FakeGcs implements AutoCloseable {
    static {
        // Else an answer waits for the acknowledgement of its own head. Read once, when the first server starts.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-gcs");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, FakeBucket> buckets = new ConcurrentHashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Planned> faults = new ArrayList<>();
    private volatile String token;
    private volatile String payer;

    private static final class Planned {
        final Pattern request;
        final FakeFault fault;
        int times;

        Planned(Pattern request, FakeFault fault, int times) {
            this.request = request;
            this.fault = fault;
            this.times = times;
        }
    }

    private FakeGcs(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static FakeGcs start() {
        try {
            return new FakeGcs(HttpServer.create(loopback(), 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static FakeGcs startSecure(SSLContext context) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return new FakeGcs(server);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    URI endpoint() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    FakeBucket bucket(String name) {
        return buckets.computeIfAbsent(name, FakeBucket::new);
    }

    FakeBucket existingBucket(String name) throws ApiError {
        FakeBucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new ApiError(404, "notFound", "The specified bucket does not exist.");
        }
        return bucket;
    }

    /** Lets in only requests that carry this access token. */
    void requireToken(String accessToken) {
        token = accessToken;
    }

    /** Lets in only requests that somebody pays for. */
    void requirePayer(String project) {
        payer = project;
    }

    /** Plans for the next requests whose {@code METHOD address} has this pattern in it to go wrong; null: to go right. */
    void fail(String request, FakeFault fault, int times) {
        synchronized (faults) {
            faults.add(new Planned(Pattern.compile(request), fault, times));
        }
    }

    /** The requests so far, as {@code METHOD address}. */
    List<String> log() {
        return List.copyOf(log);
    }

    void forgetLog() {
        log.clear();
    }

    private FakeFault faultFor(String request) {
        synchronized (faults) {
            for (Planned planned : faults) {
                if (planned.times > 0 && planned.request.matcher(request).find()) {
                    planned.times--;
                    return planned.fault;
                }
            }
            return null;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            byte[] body = exchange.getRequestBody().readAllBytes();
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            if (length != null && body.length != Long.parseLong(length)) {
                return;
            }
            log.add(request);
            FakeFault fault = faultFor(request);
            if (fault == FakeFault.RESET) {
                return;
            }
            FakeAnswer answer = answer(exchange, body, fault);
            if (fault != FakeFault.LOST_ANSWER) {
                send(exchange, answer, fault);
            }
        }
    }

    private FakeAnswer answer(HttpExchange exchange, byte[] body, FakeFault fault) {
        try {
            if (fault == FakeFault.UNAVAILABLE) {
                throw new ApiError(503, "backendError", "Backend Error");
            }
            if (fault == FakeFault.THROTTLED) {
                throw new ApiError(429, "rateLimitExceeded", "Slow down");
            }
            if (fault == FakeFault.NO_SUCH_METHOD) {
                throw new ApiError(501, "notImplemented", "Not Implemented");
            }
            if (fault == FakeFault.WRONG_BYTE_UP && body.length > 0) {
                body[body.length / 2] ^= 1;
            }
            if (fault == FakeFault.BUCKET_CHANGED) {
                buckets.values().forEach(FakeBucket::change);
            }
            FakeRequest request = new FakeRequest(exchange, unpacked(exchange, body));
            requireAccess(request);
            return new FakeApi(this, fault == FakeFault.PART_OF_CHUNK).answer(request);
        } catch (ApiError e) {
            return FakeAnswer.error(e);
        } catch (RuntimeException e) {
            return FakeAnswer.error(new ApiError(400, "parseError", "Parse error: " + e));
        }
    }

    private static byte[] unpacked(HttpExchange exchange, byte[] body) throws ApiError {
        if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw ApiError.invalid("Not gzip: " + e);
        }
    }

    private void requireAccess(FakeRequest request) throws ApiError {
        if (token != null && !("Bearer " + token).equals(request.header("Authorization"))) {
            throw new ApiError(401, "authError", "Invalid Credentials");
        }
        if (!request.path().startsWith("/batch")) {
            requirePaid(request);
        }
    }

    void requirePaid(FakeRequest request) throws ApiError {
        boolean isSession = request.query().containsKey("upload_id");
        if (payer != null && !isSession && !payer.equals(request.query().get("userProject"))) {

            throw new ApiError(400, "required", "Bucket is a requester pays bucket but no user project provided.");
        }
    }

    private static void send(HttpExchange exchange, FakeAnswer answer, FakeFault fault) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (fault == FakeFault.THROTTLED) {
            exchange.getResponseHeaders().set("Retry-After", "0");
        }
        byte[] body = answer.body().clone();
        if (fault == FakeFault.WRONG_BYTE_DOWN && body.length > 0) {
            body[body.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body, 0, fault == FakeFault.CUT_ANSWER ? body.length / 2 : body.length);
            }
        }
    }

    static GenericJson parse(String text) throws ApiError {
        try {
            return GsonFactory.getDefaultInstance().fromString(text, GenericJson.class);
        } catch (IOException | IllegalArgumentException e) {
            throw ApiError.invalid("Not JSON: " + e.getMessage());
        }
    }

    static byte[] bytes(GenericJson json) {
        json.setFactory(GsonFactory.getDefaultInstance());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
