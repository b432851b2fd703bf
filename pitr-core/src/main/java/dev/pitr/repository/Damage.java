package dev.pitr.repository;

import dev.pitr.catalog.Unreadable;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.wal.UnsupportedVersionException;
import dev.pitr.wal.WalFormatException;

/** Tells an object that can't be read, and will not be next time, from a storage that fails. */
final class Damage {
    private Damage() {}

    /** Throws the error again unless it speaks of the object itself. */
    static void requireDamage(PitrException error) {
        if (!(error instanceof RepositoryException
                || error instanceof StorageCorruptException
                || error instanceof WalFormatException
                || error instanceof UnsupportedVersionException)) {
            throw error;
        }
    }

    static Unreadable of(Unreadable.Kind kind, ObjectKey key, PitrException error) {
        return new Unreadable(kind, key.value(), error.code(), String.valueOf(error.getMessage()));
    }
}
