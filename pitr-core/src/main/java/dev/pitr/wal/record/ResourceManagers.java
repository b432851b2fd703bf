package dev.pitr.wal.record;

import dev.pitr.wal.PostgresVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ids of resource managers: {@code rmgrlist.h}, the same in versions 13 to 18. */
final class ResourceManagers {
    static final int XLOG = 0;
    static final int TRANSACTION = 1;
    static final int STORAGE = 2;
    static final int DATABASE = 4;
    static final int TABLESPACE = 5;
    static final int RELATION_MAP = 7;
    static final int STANDBY = 8;
    static final int HEAP2 = 9;
    static final int HEAP = 10;
    static final int GENERIC = 20;
    static final int LOGICAL_MESSAGE = 21;

    static final List<String> NAMES = List.of(
            "XLOG",
            "Transaction",
            "Storage",
            "CLOG",
            "Database",
            "Tablespace",
            "MultiXact",
            "RelMap",
            "Standby",
            "Heap2",
            "Heap",
            "Btree",
            "Hash",
            "Gin",
            "Gist",
            "Sequence",
            "SPGist",
            "BRIN",
            "CommitTs",
            "ReplicationOrigin",
            "Generic",
            "LogicalMessage");

    private static final int FIRST_CUSTOM = 128;

    private ResourceManagers() {}

    static boolean isKnown(int id, @Nullable PostgresVersion version) {
        return id < NAMES.size() || (id >= FIRST_CUSTOM && version != null && version.isAtLeast(PostgresVersion.V15));
    }

    static String name(int id) {
        return id < NAMES.size() ? NAMES.get(id) : String.format("custom%03d", id);
    }
}
