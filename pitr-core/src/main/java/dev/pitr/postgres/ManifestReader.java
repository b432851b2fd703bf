package dev.pitr.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one {@code backup_manifest}; see {@link BackupManifest}. */
final class ManifestReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(64 << 10)
                    .maxNumberLength(32)
                    .build())
            .build();

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'GMT'");
    private static final int MAX_WAL_RANGES = 10_000;

    private final ManifestDigestStream bytes;
    private final Consumer<? super ManifestFile> files;
    private int version;
    private @Nullable Long systemIdentifier;
    private @Nullable List<WalRange> walRanges;
    private @Nullable String checksum;
    private long fileCount = -1;
    private long totalBytes;

    ManifestReader(InputStream manifest, Consumer<? super ManifestFile> files) {
        this.bytes = new ManifestDigestStream(manifest);
        this.files = files;
    }

    BackupManifest read() {
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            readObject(parser);
            if (parser.nextToken() != null) {
                throw bad("something follows its end");
            }
        } catch (JsonProcessingException e) {
            throw bad("it is no JSON: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw bad("it is no text: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the backup manifest: " + e.getMessage(), e);
        }
        return checked();
    }

    private BackupManifest checked() {
        if (fileCount < 0) {
            throw missing("Files");
        }
        if (walRanges == null) {
            throw missing("WAL-Ranges");
        }
        if (checksum == null) {
            throw missing("Manifest-Checksum");
        }
        if (version >= 2 && systemIdentifier == null) {
            throw missing("System-Identifier");
        }
        String actual = bytes.checksum();
        if (!actual.equals(checksum)) {
            throw bad("its own checksum is wrong: it says " + checksum + ", its bytes have " + actual);
        }
        return new BackupManifest(version, Optional.ofNullable(systemIdentifier), walRanges, fileCount, totalBytes);
    }

    private void readObject(JsonParser parser) throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the manifest");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "PostgreSQL-Backup-Manifest-Version" -> readVersion(parser);
                case "System-Identifier" -> systemIdentifier = unsigned(parser, name);
                case "Files" -> readFiles(parser);
                case "WAL-Ranges" -> walRanges = readWalRanges(parser);
                case "Manifest-Checksum" -> checksum = text(parser, name);
                default -> throw bad("it has a part \"" + name + "\" that pitr does not know");
            }
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT, "the manifest");
    }

    private void readVersion(JsonParser parser) throws IOException {
        long number = number(parser, "PostgreSQL-Backup-Manifest-Version");
        if (number != 1 && number != 2) {
            throw bad("its format has version " + number + ", pitr knows 1 and 2");
        }
        version = (int) number;
    }

    private void readFiles(JsonParser parser) throws IOException {
        if (version == 0) {
            throw missing("PostgreSQL-Backup-Manifest-Version");
        }
        expect(parser.currentToken(), JsonToken.START_ARRAY, "Files");
        fileCount = 0;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            ManifestFile file = readFile(parser);
            fileCount++;
            totalBytes = add(totalBytes, file.sizeBytes());
            files.accept(file);
        }
        expect(parser.currentToken(), JsonToken.END_ARRAY, "Files");
    }

    private static long add(long total, long size) {
        try {
            return Math.addExact(total, size);
        } catch (ArithmeticException e) {
            throw bad("the sizes of its files exceed any disk", e);
        }
    }

    private static ManifestFile readFile(JsonParser parser) throws IOException {
        String path = null;
        long size = -1;
        Instant lastModified = null;
        ManifestChecksum algorithm = ManifestChecksum.NONE;
        byte[] checksum = new byte[0];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "Path" -> path = text(parser, name);
                case "Encoded-Path" -> path = ServerText.decode(hex(parser, name));
                case "Size" -> size = number(parser, name);
                case "Last-Modified" -> lastModified = time(text(parser, name));
                case "Checksum-Algorithm" -> algorithm = algorithm(text(parser, name));
                case "Checksum" -> checksum = hex(parser, name);
                default -> throw bad("a file has a part \"" + name + "\" that pitr does not know");
            }
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT, "a file");
        if (path == null || path.isEmpty() || size < 0 || lastModified == null) {
            throw bad("a file lacks its Path, Size or Last-Modified" + (path == null ? "" : ": " + path));
        }
        if (checksum.length != algorithm.lengthBytes()) {
            throw bad("the checksum of " + path + " is no " + algorithm);
        }
        return new ManifestFile(path, size, lastModified, algorithm, checksum);
    }

    private static List<WalRange> readWalRanges(JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, "WAL-Ranges");
        List<WalRange> ranges = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (ranges.size() == MAX_WAL_RANGES) {
                throw bad("it has more than " + MAX_WAL_RANGES + " WAL ranges");
            }
            ranges.add(readWalRange(parser));
        }
        expect(parser.currentToken(), JsonToken.END_ARRAY, "WAL-Ranges");
        return ranges;
    }

    private static WalRange readWalRange(JsonParser parser) throws IOException {
        TimelineId timeline = null;
        Lsn start = null;
        Lsn end = null;
        try {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "Timeline" -> timeline = new TimelineId(number(parser, name));
                    case "Start-LSN" -> start = Lsn.parse(text(parser, name));
                    case "End-LSN" -> end = Lsn.parse(text(parser, name));
                    default -> throw bad("a WAL range has a part \"" + name + "\" that pitr does not know");
                }
            }
        } catch (ServerFileException e) {
            throw e;
        } catch (PitrException e) {
            throw bad("a WAL range can't be understood: " + e.getMessage(), e);
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT, "a WAL range");
        if (timeline == null || start == null || end == null) {
            throw bad("a WAL range lacks its Timeline, Start-LSN or End-LSN");
        }
        return new WalRange(timeline, start, end);
    }

    private static void expect(@Nullable JsonToken actual, JsonToken expected, String what) {
        if (actual != expected) {
            throw bad(what + " is not of the form that is due");
        }
    }

    private static String text(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, name);
        return parser.getText();
    }

    private static long number(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, name);
        return parser.getLongValue();
    }

    private static long unsigned(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, name);
        try {
            return Long.parseUnsignedLong(parser.getText());
        } catch (NumberFormatException e) {
            throw bad(name + " is not of the form that is due", e);
        }
    }

    private static byte[] hex(JsonParser parser, String name) throws IOException {
        try {
            return HexFormat.of().parseHex(text(parser, name));
        } catch (IllegalArgumentException e) {
            throw bad(name + " is not in hexadecimal", e);
        }
    }

    private static Instant time(String text) {
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw bad("a file's Last-Modified can't be understood: " + text, e);
        }
    }

    private static ManifestChecksum algorithm(String name) {
        try {
            return ManifestChecksum.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw bad("it uses a checksum \"" + name + "\" that pitr does not know", e);
        }
    }

    private static ServerFileException missing(String part) {
        return bad(part + " is missing, or not where it should be");
    }

    private static ServerFileException bad(String why) {
        return bad(why, null);
    }

    private static ServerFileException bad(String why, @Nullable Throwable cause) {
        return new ServerFileException(
                "postgres.bad-manifest",
                "Cannot use the backup manifest: " + why
                        + ". It is damaged, or from a version that pitr does not know.",
                cause);
    }
}
