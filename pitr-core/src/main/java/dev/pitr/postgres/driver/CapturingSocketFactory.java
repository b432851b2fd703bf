package dev.pitr.postgres.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.util.PSQLException;

/** Opens sockets as the user's factory does, and reports them. */
public final class CapturingSocketFactory extends SocketFactory {
    private final SocketCapture capture;
    private final SocketFactory delegate;

    /**
     * Called by the driver.
     *
     * @param info the driver's properties
     * @throws PSQLException if the user's factory can't be made
     */
    public CapturingSocketFactory(Properties info) throws PSQLException {
        super();
        this.capture = SocketCapture.of(info);
        this.delegate = SocketFactoryFactory.getSocketFactory(capture.asGiven(info));
    }

    @Override
    public Socket createSocket() throws IOException {
        return capture.recordPlain(delegate.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return capture.recordPlain(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return capture.recordPlain(delegate.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return capture.recordPlain(delegate.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return capture.recordPlain(delegate.createSocket(address, port, localAddress, localPort));
    }
}
