package dev.pitr.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The folders that a restore fills: the data directory and one for each tablespace. */
final class Targets {
    private static final long DATA_DIRECTORY = 0;

    private final SortedMap<Long, Target> byOid = new TreeMap<>();
    private final TargetTree wal;

    /**
     * One of them.
     *
     * @param manifestPrefix what the manifest puts before the names in its parts
     * @param tree the folder
     */
    record Target(String manifestPrefix, TargetTree tree) {}

    Targets(Path dataDirectory, Map<Long, Path> tablespaces, Path wal, Ownership ownership) {
        this.wal = new TargetTree(wal, ownership);
        byOid.put(DATA_DIRECTORY, new Target("", new TargetTree(dataDirectory, ownership)));
        tablespaces.forEach((oid, folder) ->
                byOid.put(oid, new Target("pg_tblspc/" + oid + "/", new TargetTree(folder, ownership))));
    }

    /** The target of a part's files; 0 is the data directory. */
    Target of(int tablespaceOid) {
        Target target = byOid.get(Integer.toUnsignedLong(tablespaceOid));
        if (target == null) {
            throw new RestoreException(
                    "restore.bad-backup",
                    "Cannot restore: the backup has parts of tablespace " + Integer.toUnsignedString(tablespaceOid)
                            + ", which its record doesn't name. The backup is damaged: restore from another one.");
        }
        return target;
    }

    /** Where WAL lies on its way to the server: beside the cluster, no part of it. */
    TargetTree wal() {
        return wal;
    }

    TargetTree data() {
        return of(0).tree();
    }

    /** The folders of the cluster, the data directory first. */
    List<TargetTree> trees() {
        List<TargetTree> trees = new ArrayList<>();
        byOid.values().forEach(target -> trees.add(target.tree()));
        return trees;
    }

    SortedMap<Long, Path> tablespaces() {
        SortedMap<Long, Path> folders = new TreeMap<>();
        byOid.tailMap(DATA_DIRECTORY + 1)
                .forEach((oid, target) -> folders.put(oid, target.tree().root()));
        return Collections.unmodifiableSortedMap(folders);
    }
}
