package dev.pitr.archive;

import dev.pitr.repository.WalStore;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.wal.WalFileName;
import java.io.InputStream;
import java.util.Optional;

/** WAL in a repository. */
record ArchivedWal(WalStore archive) implements WalSource {
    @Override
    public Optional<InputStream> open(WalFileName name) {
        try {
            return Optional.of(archive.open(name));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public String description() {
        return "the archive";
    }
}
