package dev.pitr.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Forwards one loopback connection and, once told to, pauses within what the server sends. */
final class StutteringProxy implements AutoCloseable {
    private static final int PIECE_BYTES = 5000;
    private static final int PAUSE_MILLIS = 450;

    private final ServerSocket listener;
    private final int target;
    private final AtomicInteger pausesLeft = new AtomicInteger();

    StutteringProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void stutter(int pauses) {
        pausesLeft.set(pauses);
    }

    private void accept() throws Exception {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            start(() -> forward(client, server, false));
            start(() -> forward(server, client, true));
        }
    }

    private void forward(Socket from, Socket to, boolean stutters) throws Exception {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE_BYTES];
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                out.write(piece, 0, count);
                if (stutters && pausesLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private static void start(Forwarding work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // The connection has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private interface Forwarding {
        void run() throws Exception;
    }
}
