package dev.pitr.gcs;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponse;
import dev.pitr.storage.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one version of an object, or a range of them. Reads on over a new connection where one breaks; what was
 * read from the first byte to the last is compared with the store's CRC-32C before the last bytes are handed out.
 */
final class GcsObjectStream extends InputStream {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(?:\\d+|\\*)");

    private final GcsClient client;
    private final Task task;
    private final String name;
    private final Retry retry;
    private final @Nullable String generation;
    private final @Nullable String expectedCrc;
    private final CRC32C checksum = new CRC32C();
    private final long end;
    private long position;
    private @Nullable Connection connection;
    private boolean closed;

    /** An answer whose body is being read, and the range of the object that it is. */
    private record Connection(HttpResponse response, InputStream body, long start, long end) {
        /** Ends it; with bytes unread, by cutting the connection rather than by reading them. */
        void end(boolean whole) {
            try {
                if (whole) {
                    body.close();
                } else {
                    response.disconnect();
                }
            } catch (IOException e) {
                // Every byte that counts has been read.
            }
        }
    }

    private GcsObjectStream(GcsClient client, Task task, String name, Connection first) {
        this.client = client;
        this.task = task;
        this.name = name;
        this.retry = client.retry();
        this.connection = first;
        this.position = first.start;
        this.end = first.end;
        HttpHeaders headers = first.response.getHeaders();
        this.generation = headers.getFirstHeaderStringValue("x-goog-generation");
        boolean whole = first.start == 0 && first.response.getStatusCode() == 200;
        this.expectedCrc = whole ? crcIn(headers).orElse(null) : null;
    }

    private static Optional<String> crcIn(HttpHeaders headers) {
        List<String> hashes = headers.getHeaderStringValues("x-goog-hash");
        return hashes.stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .map(String::strip)
                .filter(hash -> hash.startsWith("crc32c="))
                .map(hash -> hash.substring("crc32c=".length()))
                .findFirst();
    }

    /** Opens what there is of a range; empty if there is no such object, and the store says so. */
    static Optional<InputStream> open(GcsClient client, ObjectKey key, String name, long offset, long length) {
        Task task = Task.of("read", key);
        long last = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
        GcsRequest request = client.onMedia(task, name).answeredBy(404, 416);
        if (offset > 0 || last != Long.MAX_VALUE) {
            request.range(rangeOf(offset, last));
        }
        return client.send(request, response -> {
            if (response.getStatusCode() == 404) {
                new MissingObject(client).requireBucket(task, Failure.of(response));
                return Optional.empty();
            }
            if (response.getStatusCode() == 416) {
                response.ignore();
                return Optional.of(InputStream.nullInputStream());
            }
            Connection first = connect(client, task, response, offset, last);
            return Optional.of(new GcsObjectStream(client, task, name, first));
        });
    }

    private static String rangeOf(long offset, long end) {
        return "bytes=" + offset + "-" + (end == Long.MAX_VALUE ? "" : Long.toString(end - 1));
    }

    private static Connection connect(GcsClient client, Task task, HttpResponse response, long from, long to)
            throws IOException {
        InputStream body = response.getContent();
        Long length = response.getHeaders().getContentLength();
        if (body == null || length == null) {
            throw new IOException("the answer doesn't say how long it is");
        }
        long start = startOf(response, length);
        long end = start + length;
        if (start != from || end > to) {
            throw client.errors()
                    .corrupt(
                            task,
                            "the store returned bytes " + start + " to " + end + " where " + from + " to " + to
                                    + " were asked for. Check what stands between here and the store.");
        }
        return new Connection(response, body, start, end);
    }

    private static long startOf(HttpResponse response, long length) throws IOException {
        if (response.getStatusCode() != 206) {
            return 0;
        }
        String range = response.getHeaders().getContentRange();
        Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches() || Long.parseLong(matcher.group(2)) - Long.parseLong(matcher.group(1)) + 1 != length) {
            throw new IOException("the answer has no range that fits its length: " + range);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IllegalStateException("The stream of " + task.subject() + " is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int n = receive(bytes, offset, (int) Math.min(length, end - position));
        position += n;
        retry.progressed();
        if (expectedCrc != null) {
            checksum.update(bytes, offset, n);
        }
        if (position == end) {
            disconnect(true);
            verify();
        }
        return n;
    }

    private int receive(byte[] bytes, int offset, int length) {
        while (true) {
            client.requireNotInterrupted(task);
            try {
                String version = generation;
                if (connection == null && version != null) {
                    connection = client.attempt(continuation(version), this::reconnected);
                }
                int n = connection == null ? -1 : read(connection.body, bytes, offset, length);
                if (n > 0) {
                    return n;
                }
                throw Failure.of(new IOException("the answer ended at byte " + position + " of " + end), false);
            } catch (Failure failure) {
                disconnect(false);
                if (failure.status() == 404) {
                    throw client.errors().changed(task, position);
                }
                client.pauseOrThrow(task, failure, retry, false);
            }
        }
    }

    private static int read(InputStream body, byte[] bytes, int offset, int length) throws Failure {
        try {
            return body.read(bytes, offset, length);
        } catch (IOException e) {
            throw Failure.of(e, false);
        }
    }

    private GcsRequest continuation(String version) {
        return client.onMedia(task, name).query("generation", version).range(rangeOf(position, end));
    }

    private Connection reconnected(HttpResponse response) throws IOException {
        String found = response.getHeaders().getFirstHeaderStringValue("x-goog-generation");
        if (!Objects.equals(found, generation)) {
            throw client.errors().changed(task, position);
        }
        return connect(client, task, response, position, end);
    }

    private void verify() {
        if (expectedCrc == null) {
            return;
        }
        byte[] crc = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
        String actual = Base64.getEncoder().encodeToString(crc);
        if (!actual.equals(expectedCrc)) {
            throw client.errors()
                    .corrupt(
                            task,
                            "its bytes have the CRC-32C " + actual + ", the store has recorded " + expectedCrc
                                    + ". Read it again, and verify the repository if it recurs.");
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect(position == end);
    }

    private void disconnect(boolean whole) {
        if (connection != null) {
            connection.end(whole);
            connection = null;
        }
    }
}
