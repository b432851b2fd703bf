package dev.pitr.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The body of an HTTP message, which is passed on in the framing in which it comes, whole or damaged. */
final class HttpBody {
    private static final int PIECE_BYTES = 1 << 16;
    private static final byte FLIPPED_BIT = 0x10;

    private final Framing framing;
    private final InputStream in;
    private final long lengthBytes;

    private HttpBody(Framing framing, InputStream in, long lengthBytes) {
        this.framing = framing;
        this.in = in;
        this.lengthBytes = lengthBytes;
    }

    /** How the end of a body is told. */
    private enum Framing {
        LENGTH,
        CHUNKS,
        END_OF_CONNECTION
    }

    /** What is done to a body. Where the length is known it happens in the middle, otherwise in the first piece. */
    enum Damage {
        NONE,
        FLIP,
        CUT
    }

    static HttpBody ofRequest(HttpHead head, InputStream in) {
        return of(head, in, new HttpBody(Framing.LENGTH, in, 0));
    }

    static HttpBody ofAnswer(ProxiedRequest request, HttpHead head, InputStream in) {
        boolean none = request.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        return none
                ? new HttpBody(Framing.LENGTH, in, 0)
                : of(head, in, new HttpBody(Framing.END_OF_CONNECTION, in, Long.MAX_VALUE));
    }

    private static HttpBody of(HttpHead head, InputStream in, HttpBody otherwise) {
        if (head.says("Transfer-Encoding", "chunked")) {
            return new HttpBody(Framing.CHUNKS, in, Long.MAX_VALUE);
        }
        return head.field("Content-Length")
                .map(length -> new HttpBody(Framing.LENGTH, in, Long.parseLong(length)))
                .orElse(otherwise);
    }

    /** Tells whether there is something to damage, as far as that is known before it comes. */
    boolean isPresent() {
        return lengthBytes > 0;
    }

    boolean endsWithItsConnection() {
        return framing == Framing.END_OF_CONNECTION;
    }

    void drain() throws IOException {
        copy(OutputStream.nullOutputStream(), Damage.NONE);
    }

    /** Passes the body on; a cut one ends early, without an end that its framing would have. */
    void copy(OutputStream out, Damage damage) throws IOException {
        if (framing == Framing.CHUNKS) {
            copyChunks(out, damage);
        } else {
            copyRun(out, lengthBytes, damage);
        }
        out.flush();
    }

    private void copyChunks(OutputStream out, Damage damage) throws IOException {
        Damage left = damage;
        for (long size = readChunkSize(); size > 0; size = readChunkSize()) {
            out.write((Long.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            copyRun(out, size, left);
            if (left == Damage.CUT) {
                return;
            }
            left = Damage.NONE;
            HttpHead.requireLine(in);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        while (!HttpHead.requireLine(in).isEmpty()) {
            // Fields behind the last chunk, which nobody here waits for.
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private long readChunkSize() throws IOException {
        return Long.parseLong(HttpHead.requireLine(in).split(";", 2)[0].strip(), 16);
    }

    private void copyRun(OutputStream out, long length, Damage damage) throws IOException {
        long middle = length == Long.MAX_VALUE ? 0 : length / 2;
        long end = damage == Damage.CUT ? middle : length;
        byte[] piece = new byte[PIECE_BYTES];
        long position = 0;
        while (position < end) {
            int count = in.read(piece, 0, (int) Math.min(piece.length, end - position));
            if (count < 0) {
                if (endsWithItsConnection()) {
                    return;
                }
                throw new EOFException("The connection ends " + (end - position) + " bytes early");
            }
            if (damage == Damage.FLIP && middle >= position && middle < position + count) {
                piece[(int) (middle - position)] ^= FLIPPED_BIT;
            }
            out.write(piece, 0, count);
            position += count;
        }
    }
}
