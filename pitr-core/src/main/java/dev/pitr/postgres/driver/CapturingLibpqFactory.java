package dev.pitr.postgres.driver;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** Puts TLS over a socket as the driver does by default, and reports the result. */
public final class CapturingLibpqFactory extends LibPQFactory {
    private final SocketCapture capture;

    /**
     * Called by the driver.
     *
     * @param info the driver's properties
     * @throws PSQLException if keys or certificates can't be read
     */
    public CapturingLibpqFactory(Properties info) throws PSQLException {
        super(info);
        this.capture = SocketCapture.of(info);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return capture.recordTls(super.createSocket(socket, host, port, autoClose));
    }
}
