package dev.pitr.wal.record;

import com.github.luben.zstd.ZstdInputStream;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Segments of 1 MiB that a real server wrote, and what its own {@code pg_waldump} says of them. Some segments are left out,
 * to save space.
 */
public final class SampleWal {
    /** Those with the output of {@code pg_waldump}. */
    public static final List<String> DUMPED =
            List.of("v13", "v14", "v15", "v15-compressed", "v16", "v17", "v18", "v18.6-compressed");

    /** Those with three timelines. */
    public static final List<String> TIMELINES = List.of("timelines-v13", "timelines-v17");

    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    private final String name;
    private final SortedMap<WalSegment, byte[]> segments = new TreeMap<>();
    private String dump = "";

    private SampleWal(String name) {
        this.name = name;
    }

    /** Reads a sample. */
    public static SampleWal read(String name) {
        SampleWal sample = new SampleWal(name);
        try (InputStream in = SampleWal.class.getResourceAsStream(name + ".tar.zst");
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new ZstdInputStream(Objects.requireNonNull(in, name)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                sample.add(entry.getName(), tar.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sample;
    }

    private void add(String file, byte[] bytes) {
        if (file.equals("pg_waldump.txt")) {
            dump = new String(bytes, StandardCharsets.UTF_8);
        } else {
            segments.put(WalSegment.parse(file, SIZE), bytes);
        }
    }

    /** The version that wrote it. */
    public PostgresVersion version() {
        return PostgresVersion.ofMajor(Integer.parseInt(name.replaceAll(".*v(\\d\\d).*", "$1")));
    }

    /** The segments by name. */
    public SortedMap<WalSegment, byte[]> segments() {
        return segments;
    }

    /** The segments in runs without a gap, each of one timeline. */
    public List<SortedMap<WalSegment, byte[]>> runs() {
        List<SortedMap<WalSegment, byte[]>> runs = new ArrayList<>();
        WalSegment expected = null;
        for (WalSegment segment : segments.keySet()) {
            if (!segment.equals(expected)) {
                runs.add(new TreeMap<>());
            }
            runs.get(runs.size() - 1).put(segment, segments.get(segment));
            expected = segment.next();
        }
        return runs;
    }

    /** The output of {@code pg_waldump}, a line a record. */
    public List<String> dump() {
        return dump.lines().toList();
    }
}
