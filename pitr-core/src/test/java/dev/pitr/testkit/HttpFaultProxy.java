package dev.pitr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of an HTTP server that disturbs chosen requests and passes on all others as they are, signatures and
 * host names included.
 *
 * <pre>{@code
 * try (HttpFaultProxy proxy = HttpFaultProxy.to(server)) {
 *     proxy.arm(HttpFaultPlan.at(3, HttpFault.RESET_AFTER));
 *     // a client whose endpoint is proxy.uri()
 *     assertThat(proxy.struck()).isPresent();
 * }
 * }</pre>
 *
 * <p>It listens on the loopback address, counts requests in the order in which their heads come, from 1, over all
 * connections, and keeps no more than a piece of a body in memory. It speaks plain HTTP/1.1 on both sides. Its threads
 * are daemons and end with {@link #close()}.
 */
public final class HttpFaultProxy implements AutoCloseable {
    private final URI server;
    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> withheldFields = new ArrayList<>();
    private final List<ProxiedRequest> requests = new ArrayList<>();
    private HttpFaultPlan plan = HttpFaultPlan.none();
    private int matching;
    private @Nullable String struck;

    private HttpFaultProxy(URI server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /**
     * Starts a proxy that disturbs nothing yet.
     *
     * @param server where to pass requests on to, with scheme {@code http}, host and port
     * @return a proxy that listens
     */
    public static HttpFaultProxy to(URI server) {
        if (!"http".equals(server.getScheme()) || server.getPort() < 0) {
            throw new IllegalArgumentException("Invalid server " + server + ": expected http, a host and a port");
        }
        try {
            HttpFaultProxy proxy =
                    new HttpFaultProxy(server, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
            proxy.start(proxy::accept, "accepts");
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on the loopback address", e);
        }
    }

    /**
     * Returns where this listens.
     *
     * @return scheme, host and port, without a path
     */
    public URI uri() {
        return URI.create("http://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort());
    }

    /**
     * Follows a plan from now on, counting from 1 again, and forgets the requests so far.
     *
     * @param next which requests to disturb
     * @return this
     */
    public synchronized HttpFaultProxy arm(HttpFaultPlan next) {
        plan = Objects.requireNonNull(next, "next");
        matching = 0;
        struck = null;
        requests.clear();
        return this;
    }

    /**
     * Withholds a field of every request from the server, as if the server didn't know it. A signature that covers the
     * field breaks by that.
     *
     * @param field such as {@code If-None-Match}
     * @return this
     */
    public synchronized HttpFaultProxy withholding(String field) {
        withheldFields.add(field);
        return this;
    }

    /**
     * Returns the requests since the last plan, those that it doesn't match too.
     *
     * @return a copy, in the order in which they came
     */
    public synchronized List<ProxiedRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * Returns how many requests the plan has matched.
     *
     * @return 0 or more
     */
    public synchronized int matchCount() {
        return matching;
    }

    /**
     * Tells which request was disturbed, the first one of several, for messages.
     *
     * @return for example {@code "SLOW at request 7, GET /bucket/key"}; empty if it hasn't happened
     */
    public synchronized Optional<String> struck() {
        return Optional.ofNullable(struck);
    }

    /** Counts a request and decides what happens to it. */
    synchronized Decision decide(ProxiedRequest request) {
        requests.add(request);
        if (!plan.matches(request)) {
            return new Decision(this, null, plan, "");
        }
        matching++;
        HttpFault fault = plan.faultAt(matching);
        return new Decision(this, fault, plan, fault + " at request " + matching + ", " + request);
    }

    /** What was decided for one request. */
    record Decision(HttpFaultProxy proxy, @Nullable HttpFault fault, HttpFaultPlan plan, String what) {
        /** Tells whether this is the fault, and remembers that it has struck. To be asked only when it can happen. */
        boolean strikes(HttpFault asked) {
            if (fault != asked) {
                return false;
            }
            proxy.remember(what);
            return true;
        }
    }

    private synchronized void remember(String what) {
        if (struck == null) {
            struck = what;
        }
    }

    synchronized List<String> withheldFields() {
        return List.copyOf(withheldFields);
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        connections.add(socket);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        return socket;
    }

    void close(Socket socket) throws IOException {
        connections.remove(socket);
        socket.close();
    }

    /** An address of the server as one that leads through here; any other as it is. */
    String throughHere(String location) {
        return location.replace(server.getScheme() + "://" + server.getAuthority(), uri().toString());
    }

    /** Waits; not longer than until this is closed. */
    void await(Duration delay) throws InterruptedException {
        closed.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.add(client);
                client.setTcpNoDelay(true);
                start(new ProxiedConnection(this, client), "serves");
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }

    private void start(Runnable work, String doing) {
        Thread thread = new Thread(work, "http-fault-proxy-" + listener.getLocalPort() + "-" + doing);
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops listening and breaks all connections. Closing again does nothing. */
    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
            for (Socket connection : connections) {
                close(connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the proxy to " + server, e);
        }
    }
}
