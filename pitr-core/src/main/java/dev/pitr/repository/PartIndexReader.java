package dev.pitr.repository;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.Consumer;

/** Reads {@code parts.json.zst} part by part, in the memory of one part; at the end all of it has been verified. */
final class PartIndexReader {
    private static final int BUFFER_BYTES = 64 << 10;

    private final String where;
    private final VerifyingInputStream stored;
    private final MessageDigest digest = Sha256.start();

    PartIndexReader(String where, VerifyingInputStream stored) {
        this.where = where;
        this.stored = stored;
    }

    void read(Consumer<BackupPart> action) {
        try (InputStream in = new BufferedInputStream(VerifiedZstd.open(where, stored), BUFFER_BYTES)) {
            FormatVersion.check(parse(countedLine(in)));
            long parts = 0;
            for (byte[] line = line(in); ; line = line(in)) {
                JsonObject json = parse(line);
                if (!json.has("part")) {
                    checkEnd(json, parts, in);
                    return;
                }
                digest.update(line);
                action.accept(PartIndex.read(json));
                parts++;
            }
        } catch (IOException e) {
            throw RepositoryException.corrupt(where, "it can't be read", e);
        }
    }

    private byte[] countedLine(InputStream in) throws IOException {
        byte[] line = line(in);
        digest.update(line);
        return line;
    }

    private byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        int b;
        do {
            b = in.read();
            if (b < 0) {
                throw RepositoryException.corrupt(where, "it ends without its last line");
            }
            line.write(b);
        } while (b != '\n');
        return line.toByteArray();
    }

    private JsonObject parse(byte[] line) {
        return JsonObject.parse(where, line, PartIndex.FACTORY);
    }

    private void checkEnd(JsonObject last, long parts, InputStream in) throws IOException {
        if (last.number("parts") != parts || !last.text("sha256").equals(Sha256.finish(digest)) || in.read() >= 0) {
            throw RepositoryException.corrupt(where, "its last line doesn't match the lines before");
        }
        stored.drain();
    }
}
