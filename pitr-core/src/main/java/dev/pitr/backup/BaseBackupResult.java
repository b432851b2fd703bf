package dev.pitr.backup;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.WalFileName;
import java.util.List;
import java.util.stream.Collectors;

/** What a base backup came to: its record, and whether the WAL that it needs is in the repository yet. Immutable. */
public final class BaseBackupResult {
    private final Backup backup;
    private final List<WalFileName> requiredWal;
    private final List<WalFileName> missingWal;

    BaseBackupResult(Backup backup, List<WalFileName> requiredWal, List<WalFileName> missingWal) {
        this.backup = backup;
        this.requiredWal = List.copyOf(requiredWal);
        this.missingWal = List.copyOf(missingWal);
    }

    /**
     * Returns the record of the backup, as it stands in the repository.
     *
     * @return the record
     */
    public Backup backup() {
        return backup;
    }

    /**
     * Returns the archived files without which the backup can't become consistent: the segments from its start up to
     * its stop position, unless the backup carries them, and the history of its timeline, unless that is 1.
     *
     * @return the files in the order in which recovery asks for them
     */
    public List<WalFileName> requiredWal() {
        return requiredWal;
    }

    /**
     * Returns which of the {@linkplain #requiredWal() required files} were not in the repository when the waiting ended.
     *
     * @return empty if the backup can be restored now
     */
    public List<WalFileName> missingWal() {
        return missingWal;
    }

    /**
     * Tells whether everything is stored that a restore of this backup needs.
     *
     * @return true if no required file is missing
     */
    public boolean isRestorable() {
        return missingWal.isEmpty();
    }

    @Override
    public String toString() {
        String waitsFor = missingWal.stream().map(WalFileName::name).collect(Collectors.joining(", "));
        return "Backup " + backup.id()
                + (isRestorable() ? "" : ", not restorable before this WAL is archived: " + waitsFor);
    }
}
