package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpFaultProxyTest {
    private static final byte[] BODY = StorageFixture.bytes(200_001, 1);

    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private HttpFaultProxy proxy;

    /** An answer as it came, its body up to the end of the connection. */
    private static final class Answer {
        private final HttpHead head;
        private final byte[] body;

        Answer(InputStream in) throws IOException {
            head = HttpHead.require(in);
            body = in.readAllBytes();
        }

        HttpHead head() {
            return head;
        }

        byte[] body() {
            return body;
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        proxy = HttpFaultProxy.to(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stopServer() {
        proxy.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            heard.add(exchange.getRequestMethod() + " " + path + " "
                    + exchange.getRequestHeaders().getFirst("If-None-Match"));
            if (exchange.getRequestMethod().equals("PUT")) {
                stored.put(path, exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders()
                        .add(
                                "Location",
                                "http://127.0.0.1:" + server.getAddress().getPort() + path);
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            byte[] body = stored.get(path);
            if (body == null) {
                exchange.sendResponseHeaders(404, 0);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                // A length of 0 means chunks.
                exchange.sendResponseHeaders(200, path.startsWith("/chunked") ? 0 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.uri().getHost(), proxy.uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private Answer send(String method, String path, byte[] body, String... fields) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(head(method, path, body, "Connection: close", fields).bytes());
            socket.getOutputStream().write(body);
            return new Answer(socket.getInputStream());
        }
    }

    private static HttpHead head(String method, String path, byte[] body, String connection, String... fields) {
        List<String> all = new ArrayList<>(List.of("Host: somewhere", connection, "Content-Length: " + body.length));
        all.addAll(List.of(fields));
        return new HttpHead(method + " " + path + " HTTP/1.1", all);
    }

    private Answer get(String path) throws IOException {
        return send("GET", path, new byte[0]);
    }

    private Answer put(String path, byte[] body) throws IOException {
        return send("PUT", path, body);
    }

    private void arm(HttpFault fault) {
        proxy.arm(HttpFaultPlan.at(1, fault));
    }

    private static int differentBits(byte[] a, byte[] b) {
        assertThat(a).hasSameSizeAs(b);
        return IntStream.range(0, a.length)
                .map(i -> Integer.bitCount((a[i] ^ b[i]) & 0xff))
                .sum();
    }

    @Test
    void passesEverythingOnUnchangedWithoutAFault() throws IOException {
        assertThat(put("/a", BODY).head().status()).isEqualTo(200);
        assertThat(stored.get("/a")).isEqualTo(BODY);
        assertThat(get("/a").body()).isEqualTo(BODY);
        assertThat(get("/absent").head().status()).isEqualTo(404);
        Answer head = send("HEAD", "/a", new byte[0]);
        assertThat(head.head().field("content-length")).contains("200001");
        assertThat(head.body()).isEmpty();
        assertThat(proxy.requests())
                .extracting(ProxiedRequest::toString)
                .containsExactly("PUT /a", "GET /a", "GET /absent", "HEAD /a");
        assertThat(proxy.struck()).isEmpty();
    }

    @Test
    void passesChunksOnAsChunks() throws IOException {
        stored.put("/chunked", BODY);

        Answer answer = get("/chunked");

        assertThat(answer.head().field("Transfer-Encoding")).contains("chunked");
        assertThat(dechunked(answer)).isEqualTo(BODY);
    }

    private static byte[] dechunked(Answer answer) throws IOException {
        var content = new java.io.ByteArrayOutputStream();
        var in = new java.io.ByteArrayInputStream(answer.body());
        for (int size = size(in); size > 0; size = size(in)) {
            content.write(in.readNBytes(size));
            HttpHead.requireLine(in);
        }
        return content.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(HttpHead.requireLine(in), 16);
    }

    @Test
    void servesSeveralRequestsOverOneConnection() throws IOException {
        stored.put("/a", BODY);
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write(head("GET", "/a", new byte[0], "Connection: keep-alive")
                                .bytes());
                assertThat(HttpHead.require(socket.getInputStream()).status()).isEqualTo(200);
                assertThat(socket.getInputStream().readNBytes(BODY.length)).isEqualTo(BODY);
            }
        }
    }

    @Test
    void resetsAConnectionBeforeTheServerHearsOfTheRequest() {
        arm(HttpFault.RESET_BEFORE);

        assertThatThrownBy(() -> put("/a", BODY)).isInstanceOf(SocketException.class);
        assertThat(heard).isEmpty();
        assertThat(proxy.struck()).contains("RESET_BEFORE at request 1, PUT /a");
    }

    @Test
    void losesTheAnswerToWhatTheServerHasDone() {
        arm(HttpFault.RESET_AFTER);

        assertThatThrownBy(() -> put("/a", BODY)).isInstanceOf(SocketException.class);
        assertThat(stored.get("/a")).isEqualTo(BODY);
    }

    @Test
    void cutsARequestInTheMiddle() {
        arm(HttpFault.CUT_REQUEST);

        assertThatThrownBy(() -> put("/a", BODY)).isInstanceOf(SocketException.class);
        assertThat(stored).isEmpty();
        assertThat(proxy.struck()).isPresent();
    }

    @Test
    void answersInsteadOfTheServerThatItIsUnavailable() throws IOException {
        proxy.arm(HttpFaultPlan.at(1, HttpFault.UNAVAILABLE_BEFORE).delayedBy(Duration.ofMillis(1500)));

        Answer answer = put("/a", BODY);

        assertThat(answer.head().status()).isEqualTo(503);
        assertThat(answer.head().field("Retry-After")).contains("2");
        assertThat(heard).isEmpty();
    }

    @Test
    void saysThatTheServerIsUnavailableThoughItHasDoneIt() throws IOException {
        arm(HttpFault.UNAVAILABLE_AFTER);

        assertThat(put("/a", BODY).head().status()).isEqualTo(503);
        assertThat(stored.get("/a")).isEqualTo(BODY);
    }

    @Test
    void endsAnAnswerInTheMiddleWithoutAnError() throws IOException {
        stored.put("/a", BODY);
        arm(HttpFault.CUT_ANSWER);

        Answer answer = get("/a");

        assertThat(answer.head().field("Content-Length")).contains("200001");
        assertThat(answer.body()).isEqualTo(java.util.Arrays.copyOf(BODY, 100_000));
    }

    @Test
    void endsAnAnswerInChunksWithoutItsLastChunk() throws IOException {
        stored.put("/chunked", BODY);
        arm(HttpFault.CUT_ANSWER);

        Answer answer = get("/chunked");

        assertThat(answer.body().length).isLessThan(BODY.length);
        assertThatThrownBy(() -> dechunked(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void flipsOneBitOfARequest() throws IOException {
        arm(HttpFault.FLIP_REQUEST);

        put("/a", BODY);

        assertThat(differentBits(stored.get("/a"), BODY)).isEqualTo(1);
    }

    @Test
    void flipsOneBitOfAnAnswer() throws IOException {
        stored.put("/a", BODY);
        stored.put("/chunked", BODY);
        proxy.arm(HttpFaultPlan.at(1, HttpFault.FLIP_ANSWER).times(2));

        assertThat(differentBits(get("/a").body(), BODY)).isEqualTo(1);
        assertThat(differentBits(dechunked(get("/chunked")), BODY)).isEqualTo(1);
    }

    @Test
    void delaysAnAnswer() throws IOException {
        stored.put("/a", BODY);
        proxy.arm(HttpFaultPlan.at(1, HttpFault.SLOW).delayedBy(Duration.ofMillis(200)));

        long start = System.nanoTime();
        assertThat(get("/a").body()).isEqualTo(BODY);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpFault.class,
            names = {"CUT_REQUEST", "FLIP_REQUEST", "CUT_ANSWER", "FLIP_ANSWER"})
    void doesNothingWhereThereIsNoBodyToDamage(HttpFault fault) throws IOException {
        stored.put("/a", BODY);
        arm(fault);

        assertThat(send("HEAD", "/a", new byte[0]).head().status()).isEqualTo(200);
        assertThat(proxy.struck()).isEmpty();
    }

    @Test
    void countsOnlyTheRequestsThatItsPlanMatches() throws IOException {
        proxy.arm(HttpFaultPlan.at(2, HttpFault.UNAVAILABLE_BEFORE)
                .matching(request -> request.method().equals("PUT"))
                .times(2));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            get("/a");
            statuses.add(put("/a", BODY).head().status());
        }

        assertThat(statuses).containsExactly(200, 503, 503, 200);
        assertThat(proxy.matchCount()).isEqualTo(4);
        assertThat(proxy.requests()).hasSize(8);
        assertThat(proxy.struck()).contains("UNAVAILABLE_BEFORE at request 2, PUT /a");
    }

    @Test
    void disturbsEverythingFromAPointOnUntilItIsArmedAnew() throws IOException {
        proxy.arm(HttpFaultPlan.at(2, HttpFault.UNAVAILABLE_BEFORE).lasting());

        assertThat(put("/a", BODY).head().status()).isEqualTo(200);
        assertThat(put("/a", BODY).head().status()).isEqualTo(503);
        assertThat(get("/a").head().status()).isEqualTo(503);

        proxy.arm(HttpFaultPlan.none());
        assertThat(get("/a").head().status()).isEqualTo(200);
        assertThat(proxy.requests()).hasSize(1);
    }

    @Test
    void passesOnThatAClientMayGoAheadWithItsBody() throws IOException {
        try (Socket socket = connect()) {
            HttpHead head = head("PUT", "/a", BODY, "Connection: close", "Expect: 100-continue");
            socket.getOutputStream().write(head.bytes());
            assertThat(HttpHead.require(socket.getInputStream()).status()).isEqualTo(100);
            socket.getOutputStream().write(BODY);
            assertThat(HttpHead.require(socket.getInputStream()).status()).isEqualTo(200);
        }
        assertThat(stored.get("/a")).isEqualTo(BODY);
    }

    @Test
    void withholdsAFieldOnRequest() throws IOException {
        proxy.withholding("if-none-match");

        send("PUT", "/a", BODY, "If-None-Match: *");

        assertThat(heard).containsExactly("PUT /a null");
    }

    @Test
    void leadsTheAddressesThatTheServerGivesThroughItself() throws IOException {
        assertThat(put("/a", BODY).head().field("Location")).contains(proxy.uri() + "/a");
    }

    @Test
    void tellsPathAndQueryOfARequest() {
        ProxiedRequest request = new ProxiedRequest("PUT", "/b/k%20x?partNumber=1&uploadId=u");

        assertThat(request.path()).isEqualTo("/b/k%20x");
        assertThat(request.query()).isEqualTo("partNumber=1&uploadId=u");
        assertThat(new ProxiedRequest("GET", "/b").query()).isEmpty();
    }

    @Test
    void refusesPlansAndServersThatCannotBe() {
        assertThatThrownBy(() -> HttpFaultPlan.at(0, HttpFault.SLOW)).hasMessageContaining("position 0");
        assertThatThrownBy(() -> HttpFaultPlan.none().times(0)).hasMessageContaining("times 0");
        assertThatThrownBy(() -> HttpFaultProxy.to(URI.create("https://127.0.0.1:1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://127.0.0.1:1");
    }

    @Test
    void breaksItsConnectionsWhenItIsClosed() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /a HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            get("/a");
            proxy.close();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
