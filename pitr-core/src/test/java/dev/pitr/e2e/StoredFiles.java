package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.pitr.catalog.Backup;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.Lsn;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The objects of an incarnation as files, read without the code under test: what is visible must be whole,
 * whatever failed before.
 */
final class StoredFiles {
    private static final Pattern STOP = Pattern.compile("STOP WAL LOCATION: ([0-9A-F]+/[0-9A-F]+)");

    private final Path root;

    private StoredFiles(Path root) {
        this.root = root;
    }

    /** Finds the only incarnation of a repository. */
    static StoredFiles of(Scene scene) {
        try (Stream<Path> incarnations = Files.list(scene.repository().resolve(Scene.SERVICE))) {
            return new StoredFiles(incarnations
                    .filter(folder -> name(folder).matches("[0-9]+-[0-9]+"))
                    .findFirst()
                    .orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Archived WAL files by name; history files and segments alike. */
    SortedMap<String, Path> wal() {
        SortedMap<String, Path> files = new TreeMap<>();
        Path wal = root.resolve("wal");
        try (Stream<Path> tree = Files.exists(wal) ? Files.walk(wal) : Stream.empty()) {
            tree.filter(Files::isRegularFile)
                    .filter(file -> name(file).endsWith(".zst"))
                    .forEach(file -> {
                        String name = name(file);
                        files.put(name.substring(0, name.length() - ".zst".length()), file);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The folder of a backup. */
    Path backup(String id) {
        return root.resolve("backups").resolve(id);
    }

    /** The name of the archived segment with the greatest timeline and number. */
    String newestSegment() {
        return wal().keySet().stream()
                .filter(name -> name.length() == 24)
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    /** Where the server says that its base backups ended, in their order: from the backup histories that it archived. */
    List<Lsn> backupEnds() throws IOException {
        List<Lsn> ends = new ArrayList<>();
        for (var entry : wal().entrySet()) {
            if (entry.getKey().endsWith(".backup")) {
                try (InputStream history = new ZstdInputStream(Files.newInputStream(entry.getValue()))) {
                    Matcher stop = STOP.matcher(new String(history.readAllBytes(), StandardCharsets.UTF_8));
                    assertThat(stop.find()).isTrue();
                    ends.add(Lsn.parse(stop.group(1)));
                }
            }
        }
        return ends;
    }

    /** Every archived file holds exactly the bytes of the server's file; the originals must still be there. */
    void requireWholeWal(Path walDirectory) throws IOException {
        for (var entry : wal().entrySet()) {
            requireArchived(walDirectory.resolve(entry.getKey()));
        }
    }

    /** A file is archived with exactly these bytes. */
    void requireArchived(Path original) throws IOException {
        Path stored = wal().get(name(original));
        assertThat(stored).as("archived %s", original).isNotNull();
        try (InputStream archived = new ZstdInputStream(Files.newInputStream(stored));
                InputStream expected = Files.newInputStream(original)) {
            assertThat(archived.readAllBytes()).as("archived %s", original).isEqualTo(expected.readAllBytes());
        }
    }

    /** Every backup that the catalogue shows has all of its objects, with the bytes that its record names. */
    BackupStore.Listing requireWholeBackups(Incarnation incarnation) throws IOException {
        BackupStore.Listing listing = incarnation.backups().list();
        assertThat(listing.unreadable()).isEmpty();
        for (Backup backup : listing.backups()) {
            for (Backup.StoredObject object : backup.objects()) {
                Path file = backup(backup.id()).resolve(object.name());
                assertThat(file).hasSize(object.sizeBytes());
                assertThat(sha256(file)).as("SHA-256 of %s", file).isEqualTo(object.sha256());
            }
        }
        return listing;
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
