package dev.pitr.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of a {@code pg_wal} that its server has marked as ready to be archived. */
final class ReadyNames {
    static final String SUFFIX = ".ready";

    // The server's archiver sends history files first, so that a timeline's number is taken as early as possible
    // (ready_file_comparator in pgarch.c).
    static final Comparator<String> ORDER =
            Comparator.comparing((String name) -> !isHistory(name)).thenComparing(Comparator.naturalOrder());

    private ReadyNames() {}

    static boolean isHistory(String name) {
        return name.endsWith(".history");
    }

    static Path status(Path walDirectory) {
        return walDirectory.resolve("archive_status");
    }

    /** In the order in which the server's archiver takes them. */
    static List<String> of(Path walDirectory) {
        Path status = status(walDirectory);
        try (Stream<Path> files = Files.list(status)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted(ORDER)
                    .toList();
        } catch (IOException e) {
            throw WalArchiver.unreadable(status.toString(), e);
        }
    }
}
