package dev.pitr.e2e.differential;

import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** An archive of plain files, as the simplest of all {@code restore_command}s reads it. */
final class WalFolder {
    private final Path folder;

    WalFolder(Path folder) {
        this.folder = folder;
    }

    String restoreCommand() {
        return "cp '" + folder + "/%f' '%p' 2>/dev/null";
    }

    boolean holds(String name) {
        return Files.exists(folder.resolve(name));
    }

    void add(Path file) {
        try {
            Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] read(WalSegment segment) {
        try {
            return Files.readAllBytes(folder.resolve(segment.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The history of a timeline, as far as its own file is there; the first timeline has none. */
    Optional<TimelineHistory> history(TimelineId timeline) {
        Path file = folder.resolve(timeline.toHex() + ".history");
        try {
            if (timeline.equals(TimelineId.FIRST)) {
                return Optional.of(TimelineHistory.withoutParents(timeline));
            }
            return Files.exists(file)
                    ? Optional.of(TimelineHistory.parse(timeline, Files.readString(file, StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a file away for a while. */
    void hide(String name) {
        move(name, name + ".hidden");
    }

    void show(String name) {
        move(name + ".hidden", name);
    }

    private void move(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
