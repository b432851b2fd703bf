package dev.pitr.restore;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pitr.catalog.Backup;
import dev.pitr.repository.BackupStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads a server's {@code backup_manifest} (PostgreSQL: "Backup Manifest Format") into an index, in a stream. */
final class ManifestReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;
    private final ManifestIndex.Builder index = new ManifestIndex.Builder();

    private ManifestReader(JsonParser parser) {
        this.parser = parser;
    }

    static ManifestIndex read(BackupStore backups, Backup backup) {
        try (InputStream in = backups.openManifest(backup)) {
            return read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new RestoreException(
                    "restore.bad-manifest",
                    "Cannot read the manifest of backup " + backup.id() + ": " + e.getMessage()
                            + ". The backup is damaged: restore from another one.",
                    e);
        }
    }

    static ManifestIndex read(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            return new ManifestReader(parser).readAll();
        }
    }

    private ManifestIndex readAll() throws IOException {
        require(JsonToken.START_OBJECT);
        boolean hasFiles = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isFiles = parser.currentName().equals("Files");
            parser.nextToken();
            if (isFiles) {
                hasFiles = true;
                readFiles();
            } else {
                parser.skipChildren();
            }
        }
        if (!hasFiles) {
            throw new IOException("its field Files is missing");
        }
        return index.build();
    }

    private void readFiles() throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            readFile();
        }
    }

    private void readFile() throws IOException {
        String path = null;
        long size = -1;
        FileChecksum algorithm = FileChecksum.NONE;
        byte[] checksum = {};
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "Path" -> path = parser.getText();
                case "Encoded-Path" -> path = decode(parser.getText());
                case "Size" -> size = parser.getLongValue();
                case "Checksum-Algorithm" -> algorithm = FileChecksum.valueOf(parser.getText());
                case "Checksum" -> checksum = HexFormat.of().parseHex(parser.getText());
                default -> parser.skipChildren();
            }
        }
        if (path == null || size < 0) {
            throw new IOException("a file has no Path or no Size, after " + parser.currentLocation());
        }
        index.add(path, size, algorithm, checksum);
    }

    private static String decode(String hex) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))
                .toString();
    }

    private void require(JsonToken token) throws IOException {
        if (parser.nextToken() != token) {
            throw new IOException("it is no JSON object");
        }
    }
}
