package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads records on databases, tablespaces and files: {@code dbcommands_xlog.h}, {@code tablespace.h}, {@code storage_xlog.h}. */
final class ObjectEvents {
    static final int MASK = 0xF0;

    private static final int CREATE = 0x00;
    private static final int TABLESPACE_DROP = 0x10;
    private static final int STORAGE_CREATE = 0x10;
    private static final int STORAGE_TRUNCATE = 0x20;
    private static final int MAP_PAIR_BYTES = 8;

    private final WalRecord record;
    private final RecordBody body;
    private final Lsn start;
    private final Lsn end;

    private ObjectEvents(WalRecord record) {
        this.record = record;
        body = new RecordBody(record);
        start = new Lsn(record.startLsn());
        end = new Lsn(record.endLsn());
    }

    static Optional<WalEvent> database(WalRecord record) {
        ObjectEvents in = new ObjectEvents(record);
        boolean hasStrategies = record.version().isAtLeast(PostgresVersion.V15);
        return switch (record.info() & MASK) {
            case CREATE -> Optional.of(in.copiedDatabase());
            case 0x10 -> Optional.of(hasStrategies ? in.loggedDatabase() : in.droppedDatabase());
            case 0x20 -> hasStrategies ? Optional.of(in.droppedDatabase()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private WalEvent copiedDatabase() {
        long database = body.u32();
        long tablespace = body.u32();
        return new WalEvent.DatabaseCreated(
                start, end, record.xid(), database, tablespace, OptionalLong.of(body.u32()));
    }

    private WalEvent loggedDatabase() {
        return new WalEvent.DatabaseCreated(start, end, record.xid(), body.u32(), body.u32(), OptionalLong.empty());
    }

    private WalEvent droppedDatabase() {
        return new WalEvent.DatabaseDropped(start, end, record.xid(), body.u32(), body.numbers(body.i32()));
    }

    static Optional<WalEvent> tablespace(WalRecord record) {
        ObjectEvents in = new ObjectEvents(record);
        return switch (record.info() & MASK) {
            case CREATE ->
                Optional.of(
                        new WalEvent.TablespaceCreated(in.start, in.end, record.xid(), in.body.u32(), in.body.text()));
            case TABLESPACE_DROP ->
                Optional.of(new WalEvent.TablespaceDropped(in.start, in.end, record.xid(), in.body.u32()));
            default -> Optional.empty();
        };
    }

    static Optional<WalEvent> storage(WalRecord record) {
        ObjectEvents in = new ObjectEvents(record);
        return switch (record.info() & MASK) {
            case STORAGE_CREATE ->
                Optional.of(new WalEvent.FileCreated(in.start, in.end, record.xid(), in.body.file(), in.fork()));
            case STORAGE_TRUNCATE -> Optional.of(in.fileTruncated());
            default -> Optional.empty();
        };
    }

    private WalEvent.Fork fork() {
        int fork = body.i32();
        return switch (fork) {
            case 0 -> WalEvent.Fork.MAIN;
            case 1 -> WalEvent.Fork.FREE_SPACE_MAP;
            case 2 -> WalEvent.Fork.VISIBILITY_MAP;
            case 3 -> WalEvent.Fork.INIT;
            default -> throw body.malformed("fork " + fork);
        };
    }

    private WalEvent fileTruncated() {
        long blocks = body.u32();
        return new WalEvent.FileTruncated(start, end, record.xid(), body.file(), blocks, body.i32());
    }

    static Optional<WalEvent> relationMap(WalRecord record) {
        return (record.info() & MASK) == 0 ? Optional.of(new ObjectEvents(record).mapChange()) : Optional.empty();
    }

    // xl_relmap_update holds a RelMapFile: its magic, the number of pairs, the pairs, and what is of no interest here.
    private WalEvent mapChange() {
        long database = body.u32();
        long tablespace = body.u32();
        body.skip(2 * Integer.BYTES);
        int pairs = body.count(MAP_PAIR_BYTES);
        Map<Long, Long> files = new HashMap<>();
        for (int i = 0; i < pairs; i++) {
            files.put(body.u32(), body.u32());
        }
        return new WalEvent.RelationMapChanged(start, end, record.xid(), database, tablespace, files);
    }
}
