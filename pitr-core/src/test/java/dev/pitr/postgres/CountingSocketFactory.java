package dev.pitr.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** A user's own socket factory, as pgjdbc takes it by name. */
public final class CountingSocketFactory extends SocketFactory {
    static final AtomicInteger opened = new AtomicInteger();
    static volatile String argument;

    @SuppressWarnings("StaticAssignmentInConstructor") // the driver makes the instance, the test looks at the class
    public CountingSocketFactory(String argument) {
        super();
        CountingSocketFactory.argument = argument;
    }

    @Override
    public Socket createSocket() throws IOException {
        opened.incrementAndGet();
        return SocketFactory.getDefault().createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
