package dev.pitr.postgres;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ssl.NonValidatingFactory;

/** A user's own TLS factory, as pgjdbc takes it by name. */
public final class CountingTlsFactory extends NonValidatingFactory {
    static final AtomicInteger secured = new AtomicInteger();

    public CountingTlsFactory(String argument) throws java.security.GeneralSecurityException {
        super(argument);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        secured.incrementAndGet();
        return super.createSocket(socket, host, port, autoClose);
    }
}
