package dev.pitr.postgres.driver;

import java.net.Socket;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Remembers the socket that pgjdbc connects with.
 *
 * <p>pgjdbc takes socket and TLS factories by class name only. It is given ours, which delegate to those that the user
 * has named (or to pgjdbc's own) and report each socket here. The last one reported is the one in use: pgjdbc tries hosts
 * and TLS modes one after another, and puts TLS over a socket after opening it.
 */
public final class SocketCapture implements AutoCloseable {
    private static final String ID_PROPERTY = "dev.pitr.capture";
    private static final String SOCKET_FACTORY = "socketFactory";
    private static final String TLS_FACTORY = "sslfactory";
    private static final String LOADER_STRATEGY = "classLoaderStrategy";
    private static final Set<String> LIBPQ_FACTORIES =
            Set.of("org.postgresql.ssl.LibPQFactory", "org.postgresql.ssl.jdbc4.LibPQFactory");

    /** The driver hands strings to its factories, nothing else: this finds the capture that a string means. */
    private static final Map<String, SocketCapture> OPEN = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final Properties asGiven;
    private @Nullable Socket plain;
    private @Nullable Socket current;
    private boolean settled;

    private SocketCapture(Properties asGiven) {
        this.asGiven = asGiven;
    }

    /**
     * Prepares for one connection.
     *
     * @param asGiven the driver's properties as the user has given them, those in the URL included
     * @return a capture, to be closed once the driver has connected or failed
     */
    public static SocketCapture prepare(Properties asGiven) {
        SocketCapture capture = new SocketCapture(asGiven);
        OPEN.put(capture.id, capture);
        return capture;
    }

    /**
     * Connects with our factories in place.
     *
     * @param <T> the result
     * @param <E> the failure
     * @param connect connects with the properties that it is given
     * @return its result
     * @throws E what it throws
     */
    public <T, E extends Exception> T connect(Connecting<T, E> connect) throws E {
        Properties instrumented = copy(asGiven);
        instrumented.setProperty(ID_PROPERTY, id);
        instrumented.setProperty(SOCKET_FACTORY, CapturingSocketFactory.class.getName());
        instrumented.setProperty(TLS_FACTORY, tlsFactory().getName());
        if (CaptureClassLoader.isNeeded()) {
            instrumented.setProperty(LOADER_STRATEGY, "context-first");
            return CaptureClassLoader.call(() -> connect.with(instrumented));
        }
        return connect.with(instrumented);
    }

    /** pgjdbc asks its own factory for key errors after the handshake, by its type: so ours must be one of those. */
    private Class<?> tlsFactory() {
        String given = asGiven.getProperty(TLS_FACTORY);
        return given == null || LIBPQ_FACTORIES.contains(given)
                ? CapturingLibpqFactory.class
                : CapturingTlsFactory.class;
    }

    /**
     * Ends the capture: sockets that the driver opens later, such as those of cancel requests, are not ours.
     *
     * @return the socket in use, with TLS if that was agreed on
     */
    public synchronized Socket settle() {
        settled = true;
        return Objects.requireNonNull(current, "The driver has not used the socket factory that it was given");
    }

    /**
     * Returns the socket below TLS; to close it ends a transfer at once, without a word to the server.
     *
     * @return the plain socket
     */
    public synchronized Socket plain() {
        return Objects.requireNonNull(plain, "The driver has not used the socket factory that it was given");
    }

    static SocketCapture of(Properties info) {
        SocketCapture capture = OPEN.get(info.getProperty(ID_PROPERTY));
        if (capture == null) {
            throw new IllegalStateException("This copy of pitr did not ask for the connection: the driver sees another "
                    + "copy of pitr's classes than the one in use");
        }
        return capture;
    }

    /** The properties as the user's own factories expect them. */
    Properties asGiven(Properties info) {
        Properties properties = copy(info);
        properties.remove(ID_PROPERTY);
        for (String name : new String[] {SOCKET_FACTORY, TLS_FACTORY, LOADER_STRATEGY}) {
            String value = asGiven.getProperty(name);
            if (value == null) {
                properties.remove(name);
            } else {
                properties.setProperty(name, value);
            }
        }
        return properties;
    }

    synchronized Socket recordPlain(Socket socket) {
        if (!settled) {
            plain = socket;
            current = socket;
        }
        return socket;
    }

    synchronized Socket recordTls(Socket socket) {
        if (!settled) {
            current = socket;
        }
        return socket;
    }

    private static Properties copy(Properties from) {
        Properties copy = new Properties();
        from.stringPropertyNames().forEach(name -> copy.setProperty(name, from.getProperty(name)));
        return copy;
    }

    @Override
    public void close() {
        OPEN.remove(id);
    }

    /**
     * Connects.
     *
     * @param <T> the result
     * @param <E> the failure
     */
    @FunctionalInterface
    public interface Connecting<T, E extends Exception> {
        /**
         * Connects.
         *
         * @param properties the driver's properties, all of them
         * @return the result
         * @throws E the failure
         */
        T with(Properties properties) throws E;
    }

    /** Lets the driver find our factories when its class loader does not see them, or sees another copy of them. */
    private static final class CaptureClassLoader extends ClassLoader {
        private static final Map<String, Class<?>> FACTORIES = Map.of(
                CapturingSocketFactory.class.getName(), CapturingSocketFactory.class,
                CapturingLibpqFactory.class.getName(), CapturingLibpqFactory.class,
                CapturingTlsFactory.class.getName(), CapturingTlsFactory.class);

        private CaptureClassLoader(@Nullable ClassLoader context) {
            super(context == null ? SocketCapture.class.getClassLoader() : context);
        }

        static boolean isNeeded() {
            try {
                ClassLoader driver = Driver.class.getClassLoader();
                return Class.forName(CapturingSocketFactory.class.getName(), false, driver)
                        != CapturingSocketFactory.class;
            } catch (ClassNotFoundException e) {
                return true;
            }
        }

        /** Runs with this loader before the thread's own; threads that the driver starts inherit it. */
        static <T, E extends Exception> T call(Call<T, E> call) throws E {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(new CaptureClassLoader(before));
            try {
                return call.run();
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> factory = FACTORIES.get(name);
            return factory != null ? factory : super.loadClass(name, resolve);
        }
    }

    private interface Call<T, E extends Exception> {
        T run() throws E;
    }
}
