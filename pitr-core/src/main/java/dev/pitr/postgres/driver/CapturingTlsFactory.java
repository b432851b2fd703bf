package dev.pitr.postgres.driver;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.ssl.WrappedFactory;
import org.postgresql.util.PSQLException;

/** Puts TLS over a socket as the user's {@code sslfactory} does, and reports the result. */
public final class CapturingTlsFactory extends WrappedFactory {
    private final SocketCapture capture;

    /**
     * Called by the driver.
     *
     * @param info the driver's properties
     * @throws PSQLException if the user's factory can't be made
     */
    public CapturingTlsFactory(Properties info) throws PSQLException {
        super();
        this.capture = SocketCapture.of(info);
        this.factory = SocketFactoryFactory.getSslSocketFactory(capture.asGiven(info));
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return capture.recordTls(super.createSocket(socket, host, port, autoClose));
    }
}
