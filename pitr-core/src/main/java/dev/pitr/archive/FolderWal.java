package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** WAL in a folder. */
record FolderWal(Path folder) implements WalSource {
    @Override
    public Optional<InputStream> open(WalFileName name) {
        Path file = folder.resolve(name.name());
        try {
            return Optional.of(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            if (Files.isDirectory(folder)) {
                return Optional.empty();
            }
            throw unreadable(folder, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static PitrException unreadable(Path path, IOException e) {
        return new PitrException("archive.unreadable", "Cannot read " + path + ": " + e + ". Check its permissions", e);
    }

    @Override
    public String description() {
        return folder.toString();
    }
}
