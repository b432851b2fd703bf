package dev.pitr.archive;

import dev.pitr.wal.WalFileName;
import java.io.InputStream;
import java.util.Optional;

/** Two sources, asked in turn. */
record FirstWal(WalSource first, WalSource second) implements WalSource {
    @Override
    public Optional<InputStream> open(WalFileName name) {
        return first.open(name).or(() -> second.open(name));
    }

    @Override
    public String description() {
        return first.description() + " or " + second.description();
    }
}
