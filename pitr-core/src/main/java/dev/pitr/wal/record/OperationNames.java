package dev.pitr.wal.record;

import dev.pitr.wal.PostgresVersion;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What {@code pg_waldump} calls the operations of each resource manager: the {@code *_identify} functions in {@code *desc.c}. */
final class OperationNames {
    // Resource manager, then info bits and name in turn.
    private static final String COMMON = """
            XLOG 00 CHECKPOINT_SHUTDOWN 10 CHECKPOINT_ONLINE 20 NOOP 30 NEXTOID 40 SWITCH 50 BACKUP_END \
            60 PARAMETER_CHANGE 70 RESTORE_POINT 80 FPW_CHANGE 90 END_OF_RECOVERY A0 FPI_FOR_HINT B0 FPI \
            D0 OVERWRITE_CONTRECORD
            Transaction 00 COMMIT 10 PREPARE 20 ABORT 30 COMMIT_PREPARED 40 ABORT_PREPARED 50 ASSIGNMENT \
            80 COMMIT 90 PREPARE A0 ABORT B0 COMMIT_PREPARED C0 ABORT_PREPARED D0 ASSIGNMENT
            Storage 10 CREATE 20 TRUNCATE
            CLOG 00 ZEROPAGE 10 TRUNCATE
            Tablespace 00 CREATE 10 DROP
            MultiXact 00 ZERO_OFF_PAGE 10 ZERO_MEM_PAGE 20 CREATE_ID 30 TRUNCATE_ID
            RelMap 00 UPDATE
            Standby 00 LOCK 10 RUNNING_XACTS 20 INVALIDATIONS
            Heap2 00 REWRITE 40 VISIBLE 50 MULTI_INSERT D0 MULTI_INSERT+INIT 60 LOCK_UPDATED 70 NEW_CID
            Heap 00 INSERT 80 INSERT+INIT 10 DELETE 20 UPDATE A0 UPDATE+INIT 40 HOT_UPDATE C0 HOT_UPDATE+INIT \
            30 TRUNCATE 50 HEAP_CONFIRM 60 LOCK 70 INPLACE
            Btree 00 INSERT_LEAF 10 INSERT_UPPER 20 INSERT_META 30 SPLIT_L 40 SPLIT_R 50 INSERT_POST 60 DEDUP \
            70 DELETE 80 UNLINK_PAGE 90 UNLINK_PAGE_META A0 NEWROOT B0 MARK_PAGE_HALFDEAD C0 VACUUM D0 REUSE_PAGE \
            E0 META_CLEANUP
            Hash 00 INIT_META_PAGE 10 INIT_BITMAP_PAGE 20 INSERT 30 ADD_OVFL_PAGE 40 SPLIT_ALLOCATE_PAGE 50 SPLIT_PAGE \
            60 SPLIT_COMPLETE 70 MOVE_PAGE_CONTENTS 80 SQUEEZE_PAGE 90 DELETE A0 SPLIT_CLEANUP B0 UPDATE_META_PAGE \
            C0 VACUUM_ONE_PAGE
            Gin 10 CREATE_PTREE 20 INSERT 30 SPLIT 40 VACUUM_PAGE 50 DELETE_PAGE 60 UPDATE_META_PAGE 70 INSERT_LISTPAGE \
            80 DELETE_LISTPAGE 90 VACUUM_DATA_LEAF_PAGE
            Gist 00 PAGE_UPDATE 10 DELETE 20 PAGE_REUSE 30 PAGE_SPLIT 60 PAGE_DELETE 70 ASSIGN_LSN
            Sequence 00 LOG
            SPGist 10 ADD_LEAF 20 MOVE_LEAFS 30 ADD_NODE 40 SPLIT_TUPLE 50 PICKSPLIT 60 VACUUM_LEAF 70 VACUUM_ROOT \
            80 VACUUM_REDIRECT
            BRIN 00 CREATE_INDEX 10 INSERT 90 INSERT+INIT 20 UPDATE A0 UPDATE+INIT 30 SAMEPAGE_UPDATE 40 REVMAP_EXTEND \
            50 DESUMMARIZE
            CommitTs 00 ZEROPAGE 10 TRUNCATE
            ReplicationOrigin 00 SET 10 DROP
            LogicalMessage 00 MESSAGE
            """;

    private static final String UNTIL_13 = "Heap2 10 CLEAN 20 FREEZE_PAGE 30 CLEANUP_INFO\nCommitTs 20 SETTS\n";
    private static final String FROM_14 = "Transaction 60 INVALIDATION E0 INVALIDATION\n";
    private static final String FROM_14_UNTIL_16 = "Heap2 10 PRUNE 20 VACUUM 30 FREEZE_PAGE\n";
    private static final String UNTIL_14 = "Database 00 CREATE 10 DROP\n";
    private static final String FROM_15 = "Database 00 CREATE_FILE_COPY 10 CREATE_WAL_LOG 20 DROP\n";
    private static final String FROM_17 =
            "Heap2 10 PRUNE_ON_ACCESS 20 PRUNE_VACUUM_SCAN 30 PRUNE_VACUUM_CLEANUP\nXLOG E0 CHECKPOINT_REDO\n";

    private static final Map<PostgresVersion, OperationNames> BY_VERSION = all();

    private final String[] names = new String[ResourceManagers.NAMES.size() << 4];

    private OperationNames(PostgresVersion version) {
        for (int i = 0; i < names.length; i++) {
            names[i] = String.format("UNKNOWN (%x)", (i & 0x0F) << 4);
        }
        boolean isAtLeast14 = version.isAtLeast(PostgresVersion.V14);
        boolean isAtLeast17 = version.isAtLeast(PostgresVersion.V17);
        add(COMMON);
        add(isAtLeast14 ? FROM_14 : UNTIL_13);
        add(version.isAtLeast(PostgresVersion.V15) ? FROM_15 : UNTIL_14);
        add(isAtLeast17 ? FROM_17 : isAtLeast14 ? FROM_14_UNTIL_16 : "");
        Arrays.fill(names, ResourceManagers.GENERIC << 4, (ResourceManagers.GENERIC + 1) << 4, "Generic");
    }

    private static Map<PostgresVersion, OperationNames> all() {
        Map<PostgresVersion, OperationNames> all = new EnumMap<>(PostgresVersion.class);
        for (PostgresVersion version : PostgresVersion.values()) {
            all.put(version, new OperationNames(version));
        }
        return all;
    }

    private void add(String table) {
        table.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            int manager = ResourceManagers.NAMES.indexOf(words[0]);
            for (int i = 1; i < words.length; i += 2) {
                names[manager << 4 | Integer.parseInt(words[i], 16) >> 4] = words[i + 1];
            }
        });
    }

    static OperationNames of(PostgresVersion version) {
        return Objects.requireNonNull(BY_VERSION.get(version));
    }

    String name(int resourceManager, int info) {
        int index = resourceManager << 4 | info >> 4;
        return index < names.length ? names[index] : String.format("UNKNOWN (%x)", info & 0xF0);
    }
}
