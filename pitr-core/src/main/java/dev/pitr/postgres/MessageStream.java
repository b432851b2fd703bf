package dev.pitr.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The messages of PostgreSQL's protocol 3 on a socket, after authentication (PostgreSQL documentation, "Message Formats").
 *
 * <p>Holds one buffer and never allocates by a length that the server names without a bound: the payload of a message is
 * taken piece by piece, and what is taken whole is bounded by {@link #MAX_HELD_BYTES}. Reacts to interruption of its
 * thread, also while the server is silent.
 */
final class MessageStream {
    /** The bound of messages and results that are held in memory. */
    static final int MAX_HELD_BYTES = 16 << 20;

    /** The server's own bound, {@code PQ_LARGE_MESSAGE_LIMIT} (MaxAllocSize - 1). */
    private static final int MAX_MESSAGE_BYTES = 0x3FFF_FFFE;

    private static final int BUFFER_BYTES = 128 << 10;
    private static final int WAKE_UP_MILLIS = 200;

    private final InputStream in;
    private final OutputStream out;
    private final long silenceLimitNanos;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private int remaining;

    /**
     * Takes over a socket on which nothing is under way.
     *
     * @param silenceLimit how long the server may send nothing while an answer is due; zero for any time
     */
    MessageStream(Socket socket, Duration silenceLimit) throws IOException {
        // Reads end early to look at the interrupt flag; a TLS socket resumes a record that was cut by this.
        socket.setSoTimeout(WAKE_UP_MILLIS);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.silenceLimitNanos = silenceLimit.toNanos();
    }

    /** Sends a message whose payload is one string. */
    void send(char type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + bytes.length + 1);
        message.put((byte) type)
                .putInt(Integer.BYTES + bytes.length + 1)
                .put(bytes)
                .put((byte) 0);
        out.write(message.array());
        out.flush();
    }

    /** Goes on to the next message, past what is left of this one, and returns its type. */
    char next() throws IOException {
        skipRest();
        require(1 + Integer.BYTES);
        char type = (char) (buffer[position] & 0xFF);
        int length = intAt(position + 1);
        position += 1 + Integer.BYTES;
        if (length < Integer.BYTES || length > MAX_MESSAGE_BYTES) {
            throw new ProtocolViolation("a message of type " + (int) type + " with length " + length);
        }
        remaining = length - Integer.BYTES;
        return type;
    }

    /** Takes what is left of this message and drops it. */
    void skipRest() throws IOException {
        while (remaining > 0) {
            skip(available());
        }
    }

    /** Bytes of this message that were not taken yet. */
    int remaining() {
        return remaining;
    }

    /** Hands the rest of this message on, piece by piece. */
    void transferRest(ByteTarget target) throws IOException {
        while (remaining > 0) {
            int length = available();
            target.accept(buffer, position, length);
            skip(length);
        }
    }

    int readByte() throws IOException {
        if (remaining == 0) {
            throw new ProtocolViolation("a message that ends too early");
        }
        available();
        int value = buffer[position] & 0xFF;
        skip(1);
        return value;
    }

    int readShort() throws IOException {
        return ByteBuffer.wrap(readBytes(Short.BYTES)).getShort();
    }

    int readInt() throws IOException {
        return ByteBuffer.wrap(readBytes(Integer.BYTES)).getInt();
    }

    /** Takes {@code length} bytes of UTF-8. */
    String readText(int length) throws IOException {
        return new String(readBytes(length), StandardCharsets.UTF_8);
    }

    /** Takes bytes of UTF-8 up to a zero byte. */
    String readString() throws IOException {
        byte[] collected = new byte[64];
        int length = 0;
        for (int b = readByte(); b != 0; b = readByte()) {
            if (length == MAX_HELD_BYTES) {
                throw new ProtocolViolation("a string of more than " + MAX_HELD_BYTES + " bytes");
            }
            if (length == collected.length) {
                collected = Arrays.copyOf(collected, length * 2);
            }
            collected[length++] = (byte) b;
        }
        return new String(collected, 0, length, StandardCharsets.UTF_8);
    }

    /** Takes {@code length} bytes as they are. */
    byte[] readBytes(int length) throws IOException {
        if (length < 0 || length > remaining || length > MAX_HELD_BYTES) {
            throw new ProtocolViolation(
                    "a field of " + length + " bytes where the message has " + remaining + " bytes left");
        }
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int chunk = Math.min(available(), length - done);
            System.arraycopy(buffer, position, bytes, done, chunk);
            skip(chunk);
            done += chunk;
        }
        return bytes;
    }

    /** Bytes of this message that lie in the buffer, at least 1: reads if there are none. */
    private int available() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
            fill();
        }
        return Math.min(remaining, limit - position);
    }

    private void skip(int length) {
        position += length;
        remaining -= length;
    }

    private int intAt(int index) {
        return ByteBuffer.wrap(buffer, index, Integer.BYTES).getInt();
    }

    private void require(int bytes) throws IOException {
        if (limit - position < bytes) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        while (limit - position < bytes) {
            fill();
        }
    }

    private void fill() throws IOException {
        long started = System.nanoTime();
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for the server");
            }
            try {
                int count = in.read(buffer, limit, buffer.length - limit);
                if (count < 0) {
                    throw new EOFException("the server closed the connection");
                }
                limit += count;
                return;
            } catch (SocketTimeoutException e) {
                long silence = System.nanoTime() - started;
                if (silenceLimitNanos > 0 && silence > silenceLimitNanos) {
                    throw new SilenceException(Duration.ofNanos(silenceLimitNanos));
                }
            }
        }
    }

    /** Takes bytes that are valid during the call only. */
    interface ByteTarget {
        void accept(byte[] bytes, int offset, int length);
    }

    /** The server broke the protocol; nothing that follows can be understood. */
    static final class ProtocolViolation extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolViolation(String what) {
            super("the server sent " + what);
        }
    }

    /** The server sent nothing for too long. */
    static final class SilenceException extends IOException {
        private static final long serialVersionUID = 1L;

        SilenceException(Duration limit) {
            super("the server sent nothing for " + limit.toSeconds() + " s, the limit set by socketTimeout");
        }
    }
}
