package dev.pitr.repository;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The container of an object of the index: as that of a WAL file, a skippable frame with a header, then zstd data, here
 * lines of JSON. Small enough to be made in memory.
 */
final class IndexContainer {
    private static final int LEVEL = 3;
    private static final int BUFFER_BYTES = 64 << 10;

    /** Far above what {@link dev.pitr.wal.record.SegmentScan} makes of a segment. */
    private static final int MAX_LINE_BYTES = 4 << 20;

    private IndexContainer() {}

    static byte[] write(SealedJson.Members header, List<byte[]> lines) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(64 << 10);
        MessageDigest rawDigest = Sha256.start();
        long rawSize = 0;
        try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(data, LEVEL).setChecksum(true)) {
            for (byte[] line : lines) {
                zstd.write(line);
                rawDigest.update(line);
                rawSize += line.length;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compress in memory", e);
        }
        byte[] stored = data.toByteArray();
        long rawSizeBytes = rawSize;
        byte[] frame = WalContainer.frame(SealedJson.write(json -> {
            FormatVersion.write(json);
            header.write(json);
            json.writeNumberField("raw-size", rawSizeBytes);
            json.writeStringField("raw-sha256", Sha256.finish(rawDigest));
            json.writeNumberField("data-size", stored.length);
            json.writeStringField("data-sha256", Sha256.of(stored, 0, stored.length));
        }));
        byte[] container = Arrays.copyOf(frame, frame.length + stored.length);
        System.arraycopy(stored, 0, container, frame.length, stored.length);
        return container;
    }

    /** Reads the header alone, by one ranged read, or two if it is longer than expected. */
    static JsonObject header(ObjectStorage storage, ObjectKey key, int expectedBytes) {
        try {
            byte[] start = read(storage, key, 0, expectedBytes);
            int end = WalContainer.FRAME_HEAD_BYTES + WalContainer.headerLength(key.value(), start);
            byte[] whole = start;
            if (end > start.length) {
                byte[] rest = read(storage, key, start.length, end - start.length);
                whole = Arrays.copyOf(start, start.length + rest.length);
                System.arraycopy(rest, 0, whole, start.length, rest.length);
            }
            if (whole.length < end) {
                throw RepositoryException.corrupt(key.value(), "it ends inside its header");
            }
            return header(key, Arrays.copyOfRange(whole, WalContainer.FRAME_HEAD_BYTES, end));
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    private static JsonObject header(ObjectKey key, byte[] json) {
        return FormatVersion.check(SealedJson.read(key.value(), json));
    }

    private static byte[] read(ObjectStorage storage, ObjectKey key, long offset, int length) throws IOException {
        try (InputStream in = storage.open(key, offset, length)) {
            return in.readNBytes(length);
        }
    }

    /** Reads it all: hands over each line, and throws at the end if a byte isn't what was stored. */
    static JsonObject read(ObjectStorage storage, ObjectKey key, Consumer<JsonObject> line) {
        try (InputStream in = storage.open(key)) {
            int length = WalContainer.headerLength(key.value(), in.readNBytes(WalContainer.FRAME_HEAD_BYTES));
            byte[] head = in.readNBytes(length);
            JsonObject header = header(key, head);
            readLines(key, header, in, line);
            return header;
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    private static void readLines(ObjectKey key, JsonObject header, InputStream in, Consumer<JsonObject> line)
            throws IOException {
        String where = key.value();
        InputStream raw = VerifiedZstd.open(
                where,
                new VerifyingInputStream(in, where, header.number("data-size"), header.text("data-sha256")),
                header.number("raw-size"),
                header.text("raw-sha256"));
        byte[] buffer = new byte[BUFFER_BYTES];
        ByteArrayOutputStream text = new ByteArrayOutputStream(8192);
        for (int count = raw.read(buffer, 0, buffer.length); count >= 0; count = raw.read(buffer, 0, buffer.length)) {
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    text.write(buffer, start, i - start);
                    start = i + 1;
                    line.accept(JsonObject.parse(where, text.toByteArray(), PartIndex.FACTORY));
                    text.reset();
                }
            }
            text.write(buffer, start, count - start);
            if (text.size() > MAX_LINE_BYTES) {
                throw RepositoryException.corrupt(where, "it has a line of more than " + MAX_LINE_BYTES + " bytes");
            }
        }
        if (text.size() > 0) {
            throw RepositoryException.corrupt(where, "its last line doesn't end");
        }
    }

    private static StorageException unreadable(ObjectKey key, IOException cause) {
        return new StorageException("storage.failed", "Cannot read " + key + ": " + cause + ".", cause);
    }
}
