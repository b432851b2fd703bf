package dev.pitr.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free loopback ports, below those that systems give to outgoing connections. */
final class Ports {
    private static final int FIRST = 15_000;
    private static final int LIMIT = 32_000;

    private Ports() {}

    /** Finds a port that is free now; picked at random, so that concurrent runs rarely meet. */
    static int free() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LIMIT);
            try (ServerSocket ignored = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // taken: try another
            }
        }
        throw new IllegalStateException("No free port between " + FIRST + " and " + LIMIT);
    }
}
