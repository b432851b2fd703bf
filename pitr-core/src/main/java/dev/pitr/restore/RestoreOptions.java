package dev.pitr.restore;

import dev.pitr.catalog.Backup;
import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.Incarnation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Everything that one restore was asked to do; checked by the builder. Paths are absolute and normalized. */
record RestoreOptions(
        RestorePlan plan,
        Incarnation incarnation,
        Path target,
        SortedMap<Long, Path> tablespaces,
        int jobs,
        RestoredRole role,
        WalDelivery wal,
        Map<String, String> settings,
        Optional<Path> serverBinaries,
        Optional<Ownership> owner,
        ProgressListener progress) {
    Backup backup() {
        return plan.backup();
    }

    Targets targets() {
        return new Targets(target, tablespaces, walFolder(), owner.orElse(Ownership.UNCHANGED));
    }

    /** The folder beside the target for WAL that is on its way to the server. */
    Path walFolder() {
        return sibling(target, "-wal");
    }

    static Path sibling(Path target, String suffix) {
        return target.resolveSibling(target.getFileName() + suffix);
    }

    /** What an interrupted run must have been doing so that this one can go on with its files. */
    String note() {
        StringBuilder note = new StringBuilder("pitr restore, format 1\n");
        note.append("cluster ").append(Long.toUnsignedString(plan.identity().systemIdentifier()));
        note.append(", PostgreSQL ").append(plan.identity().version()).append('\n');
        note.append("backup ").append(backup().id()).append('\n');
        tablespaces.forEach((oid, folder) -> note.append("tablespace ")
                .append(oid)
                .append(' ')
                .append(folder)
                .append('\n'));
        return note.toString();
    }
}
