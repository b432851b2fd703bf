package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageUnavailableException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpFaultSweepTest {
    private static final List<HttpFault> RESETS = List.of(HttpFault.RESET_BEFORE, HttpFault.RESET_AFTER);

    private HttpServer server;
    private HttpFaultProxy proxy;

    /** Stores two objects, the second one as a record of the first. */
    private static class TwoObjects implements HttpFaultSweep.Trial {
        private final ObjectStorage storage = new InMemoryStorage();

        @Override
        public ObjectStorage storage() {
            return storage;
        }

        @Override
        public ObjectStorage openThrough(URI proxy) {
            return announcing(storage, proxy);
        }

        @Override
        public void run(ObjectStorage storage) {
            storage.put(new ObjectKey("part"), Content.of(new byte[1]));
            storage.put(new ObjectKey("record"), Content.of(new byte[1]));
        }

        @Override
        public void check(@Nullable PitrException failure) {
            if (failure == null || storage.stat(new ObjectKey("record")).isPresent()) {
                assertThat(storage.stat(new ObjectKey("part"))).isPresent();
            }
        }
    }

    /** A store that sends a request through the proxy before each call, and fails if that fails. */
    private static ObjectStorage announcing(ObjectStorage storage, URI proxy) {
        return (ObjectStorage) Proxy.newProxyInstance(
                ObjectStorage.class.getClassLoader(),
                new Class<?>[] {ObjectStorage.class},
                (self, method, arguments) -> {
                    if (!method.getName().equals("close")) {
                        request(method.getName().equals("put") ? "PUT" : "GET", proxy);
                    }
                    return method.invoke(storage, arguments);
                });
    }

    private static void request(String method, URI proxy) {
        try (Socket socket = new Socket(proxy.getHost(), proxy.getPort())) {
            socket.setSoTimeout(20_000);
            HttpHead head = new HttpHead(
                    method + " /object HTTP/1.1", List.of("Host: somewhere", "Connection: close", "Content-Length: 0"));
            socket.getOutputStream().write(head.bytes());
            if (HttpHead.require(socket.getInputStream()).status() != 200) {
                throw new IOException("refused");
            }
        } catch (IOException e) {
            throw new StorageUnavailableException("Cannot reach the store: " + e.getMessage(), e);
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", HttpFaultSweepTest::accept);
        server.start();
        proxy = HttpFaultProxy.to(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private static void accept(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @AfterEach
    void stopServer() {
        proxy.close();
        server.stop(0);
    }

    @Test
    void goesThroughEveryFaultAtEveryRequest() {
        HttpFaultSweep.Report report =
                HttpFaultSweep.of("two objects", proxy, TwoObjects::new).run(List.of(HttpFault.values()));

        assertThat(report.requests()).isEqualTo(2);
        assertThat(report.runs())
                .containsEntry(HttpFault.RESET_BEFORE, 2)
                .containsEntry(HttpFault.UNAVAILABLE_AFTER, 2)
                .containsEntry(HttpFault.SLOW, 2)
                .containsEntry(HttpFault.FLIP_REQUEST, 0);
    }

    @Test
    void meetsSomeRequestWithEachFaultWhereItLeavesOthersOut() {
        HttpFaultSweep.Report report = HttpFaultSweep.of("two objects", proxy, TwoObjects::new)
                .everyNth(100)
                .run(RESETS);

        assertThat(report.runs().values()).containsExactly(1, 1);
    }

    @Test
    void findsAJobThatWritesItsRecordTooEarly() {
        assertThatThrownBy(() -> HttpFaultSweep.of("early record", proxy, () -> new TwoObjects() {
                            @Override
                            public void run(ObjectStorage storage) {
                                storage.put(new ObjectKey("record"), Content.of(new byte[1]));
                                super.run(storage);
                            }
                        })
                        .lasting()
                        .run(RESETS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("early record, RESET_BEFORE at request 2, PUT /object");
    }

    @Test
    void findsAJobThatFailsWithAnUntypedError() {
        assertThatThrownBy(() -> HttpFaultSweep.of("untyped", proxy, () -> new TwoObjects() {
                            @Override
                            public void run(ObjectStorage storage) {
                                try {
                                    super.run(storage);
                                } catch (PitrException e) {
                                    throw new IllegalStateException("something", e);
                                }
                            }
                        })
                        .run(RESETS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("untyped, RESET_BEFORE at request 1");
    }
}
