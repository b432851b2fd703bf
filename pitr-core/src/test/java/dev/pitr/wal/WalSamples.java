package dev.pitr.wal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Files that real servers of PostgreSQL 13 to 18 wrote; of segments only the name, the size and the first 40 bytes. */
public final class WalSamples {
    /** All samples, each named after the version, {@code timelines-} those that hold several timelines. */
    public static final List<String> ALL = List.of(
            "v13",
            "v14",
            "v15",
            "v15-compressed",
            "v16",
            "v17",
            "v18",
            "v18.6-compressed",
            "timelines-v13",
            "timelines-v17");

    private WalSamples() {}

    /** The start of one segment. */
    public record SegmentStart(String name, long sizeBytes, String headerHex) {
        /** The first 40 bytes, in a new array. */
        public byte[] header() {
            return HexFormat.of().parseHex(headerHex);
        }
    }

    /** The segments of a sample. */
    public static List<SegmentStart> segments(String sample) {
        return text(sample + "/segments.txt").lines().map(WalSamples::segment).toList();
    }

    private static SegmentStart segment(String line) {
        String[] fields = line.split(" ", -1);
        return new SegmentStart(fields[0], Long.parseLong(fields[1]), fields[2]);
    }

    /** The major version that wrote a sample. */
    public static PostgresVersion version(String sample) {
        return PostgresVersion.ofMajor(Integer.parseInt(sample.replaceAll(".*v(\\d\\d).*", "$1")));
    }

    /** A text file of the samples. */
    public static String text(String path) {
        try (InputStream in = Objects.requireNonNull(WalSamples.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
