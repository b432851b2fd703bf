package dev.pitr.postgres;

import dev.pitr.wal.PostgresVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Files of real servers, one base backup of each version with segments of 1 MiB. */
final class Golden {
    private Golden() {}

    static byte[] read(PostgresVersion version, String name) {
        try (InputStream in = Golden.class.getResourceAsStream("v" + version + "/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] manifest(PostgresVersion version) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(read(version, "backup_manifest.gz")))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
