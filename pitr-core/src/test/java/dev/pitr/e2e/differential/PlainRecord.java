package dev.pitr.e2e.differential;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One WAL record, as bytes.
 *
 * @param start its first byte
 * @param end where the server says that it ends ({@code EndRecPtr})
 * @param owner the timeline that wrote it
 * @param bytes the whole record, header included, in little-endian order
 * @param major the version that wrote it
 */
record PlainRecord(Lsn start, Lsn end, TimelineId owner, ByteBuffer bytes, int major) {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int HEADER = 24;
    private static final int XLOG = 0;
    private static final int TRANSACTION = 1;

    int manager() {
        return bytes.get(17);
    }

    int info() {
        return unsigned(16);
    }

    /** The number in the header; a subtransaction's own. */
    long headerXid() {
        return Integer.toUnsignedLong(bytes.getInt(4));
    }

    private int unsigned(int at) {
        return Byte.toUnsignedInt(bytes.get(at));
    }

    byte[] copy(int from, int length) {
        byte[] copy = new byte[length];
        bytes.get(from, copy);
        return copy;
    }

    /** The record without what follows its header, if that matters nowhere here. */
    PlainRecord slim() {
        ByteBuffer header = ByteBuffer.wrap(copy(0, HEADER)).order(ByteOrder.LITTLE_ENDIAN);
        return manager() <= TRANSACTION ? this : new PlainRecord(start, end, owner, header, major);
    }

    /** Where the main data begin; only for records without blocks, such as all that stop recovery. */
    int mainOffset() {
        int at = HEADER;
        while (true) {
            switch (unsigned(at)) {
                case 252 -> at += 5;
                case 253 -> at += 3;
                case 254 -> {
                    return at + 5;
                }
                case 255 -> {
                    return at + 2;
                }
                default -> throw new IllegalStateException("no main data alone at " + start);
            }
        }
    }

    /** Commit, abort, and both of prepared transactions. */
    boolean isStop() {
        int operation = info() & 0x70;
        return manager() == TRANSACTION
                && (operation == 0x00 || operation == 0x20 || operation == 0x30 || operation == 0x40);
    }

    boolean isCommit() {
        int operation = info() & 0x70;
        return isStop() && (operation == 0x00 || operation == 0x30);
    }

    boolean isPrepared() {
        return isStop() && (info() & 0x70) >= 0x30;
    }

    /** Whose end a stop record is: for the prepared forms, the prepared transaction's. */
    long stopXid() {
        return isPrepared() ? new StopBody(bytes, mainOffset(), info(), major).preparedXid() : headerXid();
    }

    boolean isRestorePoint() {
        return manager() == XLOG && (info() & 0xF0) == 0x70;
    }

    /** The time of a stop record or restore point. */
    Instant time() {
        return EPOCH.plus(bytes.getLong(mainOffset()), ChronoUnit.MICROS);
    }

    static long toMicros(Instant time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }

    String restorePointName() {
        int from = mainOffset() + 8;
        int to = from;
        while (bytes.get(to) != 0) {
            to++;
        }
        return new String(copy(from, to - from), StandardCharsets.UTF_8);
    }

    /** The start position of the base backup that this record ends, if it does. */
    Optional<Lsn> endedBackup() {
        return manager() == XLOG && (info() & 0xF0) == 0x50
                ? Optional.of(new Lsn(bytes.getLong(mainOffset())))
                : Optional.empty();
    }

    boolean isSwitch() {
        return manager() == XLOG && (info() & 0xF0) == 0x40;
    }

    @Override
    public String toString() {
        String what = "rmgr " + manager() + " info " + Integer.toHexString(info()) + " xid " + headerXid();
        if (isStop()) {
            what = (isCommit() ? "commit" : "abort") + (isPrepared() ? " prepared" : "") + " of " + stopXid() + " at "
                    + time();
        } else if (isRestorePoint()) {
            what = "restore point " + restorePointName() + " at " + time();
        } else if (endedBackup().isPresent()) {
            what = "end of the backup from " + endedBackup().get();
        }
        return start + ".." + end + " " + what;
    }

    /** The parts of a commit or abort as far as the number of a prepared transaction. */
    private record StopBody(ByteBuffer in, int at, int info, int major) {
        long preparedXid() {
            int xinfo = (info & 0x80) == 0 ? 0 : in.getInt(at + 8);
            int next = at + 12;
            if ((xinfo & 0x01) != 0) {
                next += 8;
            }
            if ((xinfo & 0x02) != 0) {
                next += 4 + 4 * in.getInt(next);
            }
            if ((xinfo & 0x04) != 0) {
                next += 4 + 12 * in.getInt(next);
            }
            if ((xinfo & 0x100) != 0) {
                next += 4 + (major >= 18 ? 16 : 12) * in.getInt(next);
            }
            if ((xinfo & 0x08) != 0) {
                next += 4 + 16 * in.getInt(next);
            }
            if ((xinfo & 0x10) == 0) {
                throw new IllegalStateException("the end of a prepared transaction without its number");
            }
            return Integer.toUnsignedLong(in.getInt(next));
        }
    }
}
