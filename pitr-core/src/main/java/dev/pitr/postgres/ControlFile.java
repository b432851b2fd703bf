package dev.pitr.postgres;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFormatException;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A cluster's {@code global/pg_control}: what it is, and where its last checkpoint stands ({@code ControlFileData} in
 * PostgreSQL's {@code catalog/pg_control.h}, versions 13 to 18 on little-endian machines).
 */
public final class ControlFile {
    /** The size of the file. */
    public static final int SIZE_BYTES = 8192;

    private static final Map<Integer, PostgresVersion> VERSION_BY_CATALOG = Map.of(
            202007201, PostgresVersion.V13,
            202107181, PostgresVersion.V14,
            202209061, PostgresVersion.V15,
            202307071, PostgresVersion.V16,
            202406281, PostgresVersion.V17,
            202506291, PostgresVersion.V18);

    private static final int CONTROL_VERSION_OF_18 = 1800;
    private static final int CRC_OFFSET_UP_TO_17 = 288;
    private static final int CRC_OFFSET_OF_18 = 292;

    private final ByteBuffer bytes;
    private final PostgresVersion version;
    private final State state;
    private final WalSegmentSize segmentSize;
    private final TimelineId timeline;

    private ControlFile(ByteBuffer bytes) {
        this.bytes = bytes;
        this.version = versionOf(bytes);
        this.state = stateOf(bytes.getInt(16));
        try {
            this.segmentSize = new WalSegmentSize(bytes.getInt(228));
            this.timeline = new TimelineId(Integer.toUnsignedLong(bytes.getInt(48)));
        } catch (WalFormatException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Parses the file and verifies its checksum.
     *
     * @param contents the file's contents, all 8192 bytes
     * @return the control file
     * @throws ServerFileException {@code postgres.bad-control-file} if it is damaged, cut short, or of a version or machine
     *     that pitr does not know
     */
    public static ControlFile parse(byte[] contents) {
        if (contents.length != SIZE_BYTES) {
            throw bad("it has " + contents.length + " bytes instead of " + SIZE_BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(contents.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int crcOffset = bytes.getInt(8) == CONTROL_VERSION_OF_18 ? CRC_OFFSET_OF_18 : CRC_OFFSET_UP_TO_17;
        CRC32C crc = new CRC32C();
        crc.update(contents, 0, crcOffset);
        if ((int) crc.getValue() != bytes.getInt(crcOffset)) {
            throw bad("its checksum is wrong");
        }
        return new ControlFile(bytes);
    }

    private static PostgresVersion versionOf(ByteBuffer bytes) {
        int catalog = bytes.getInt(12);
        return Optional.ofNullable(VERSION_BY_CATALOG.get(catalog))
                .orElseThrow(() -> bad("its catalog version " + catalog + " belongs to no version from 13 to 18"));
    }

    private static State stateOf(int number) {
        if (number < 0 || number >= State.values().length) {
            throw bad("its state " + number + " is unknown");
        }
        return State.values()[number];
    }

    private static ServerFileException bad(String why) {
        return new ServerFileException(
                "postgres.bad-control-file",
                "Cannot use pg_control: " + why
                        + ". It is damaged, or not from PostgreSQL 13 to 18 on x86-64 or ARM64.");
    }

    /**
     * Returns whose file this is.
     *
     * @return system identifier, major version and segment size
     */
    public ClusterIdentity identity() {
        return new ClusterIdentity(bytes.getLong(0), version, segmentSize);
    }

    /**
     * Returns what the cluster was doing when the file was written.
     *
     * @return the state
     */
    public State state() {
        return state;
    }

    /**
     * Returns when the file was last written, by the server's clock.
     *
     * @return to the second
     */
    public Instant lastModified() {
        return time(24);
    }

    /**
     * Returns where the last checkpoint's record stands.
     *
     * @return the position
     */
    public Lsn checkpointLsn() {
        return lsn(32);
    }

    /**
     * Returns where recovery from the last checkpoint starts to read.
     *
     * @return the redo position
     */
    public Lsn redoLsn() {
        return lsn(40);
    }

    /**
     * Returns the last checkpoint's timeline.
     *
     * @return the timeline
     */
    public TimelineId timeline() {
        return timeline;
    }

    /**
     * Returns the number of the timeline that the last checkpoint's began from.
     *
     * @return equal to that of {@link #timeline()} unless the checkpoint ended a recovery
     */
    public long previousTimelineNumber() {
        return Integer.toUnsignedLong(bytes.getInt(52));
    }

    /**
     * Returns the next transaction id at the last checkpoint.
     *
     * @return epoch in the upper, xid in the lower half
     */
    public long nextFullXid() {
        return bytes.getLong(64);
    }

    /**
     * Returns the time of the last checkpoint, by the server's clock.
     *
     * @return to the second
     */
    public Instant checkpointTime() {
        return time(104);
    }

    /**
     * Returns up to where an interrupted recovery must get at least.
     *
     * @return the position, {@link Lsn#ZERO} if none
     */
    public Lsn minRecoveryLsn() {
        return lsn(136);
    }

    /**
     * Returns where the backup from which the cluster is being recovered began.
     *
     * @return the position, {@link Lsn#ZERO} if none
     */
    public Lsn backupStartLsn() {
        return lsn(152);
    }

    /**
     * Returns where the standby's backup from which the cluster is being recovered ended.
     *
     * @return the position, {@link Lsn#ZERO} if none
     */
    public Lsn backupEndLsn() {
        return lsn(160);
    }

    /**
     * Tells whether recovery must find the end of the backup in the WAL.
     *
     * @return true if so
     */
    public boolean requiresBackupEnd() {
        return bytes.get(168) != 0;
    }

    /**
     * Returns the primary's {@code wal_level}: 0 minimal, 1 replica, 2 logical.
     *
     * @return the number
     */
    public int walLevel() {
        return bytes.getInt(172);
    }

    /**
     * Returns the primary's settings below which a hot standby doesn't go, by name: {@code max_connections},
     * {@code max_worker_processes}, {@code max_wal_senders}, {@code max_prepared_transactions},
     * {@code max_locks_per_transaction}.
     *
     * @return names to values
     */
    public Map<String, Integer> recoveryMinimums() {
        return Map.of(
                "max_connections", bytes.getInt(180),
                "max_worker_processes", bytes.getInt(184),
                "max_wal_senders", bytes.getInt(188),
                "max_prepared_transactions", bytes.getInt(192),
                "max_locks_per_transaction", bytes.getInt(196));
    }

    /**
     * Tells whether data pages carry checksums.
     *
     * @return true if so
     */
    public boolean hasDataChecksums() {
        return bytes.getInt(252) != 0;
    }

    private Lsn lsn(int offset) {
        return new Lsn(bytes.getLong(offset));
    }

    private Instant time(int offset) {
        try {
            return Instant.ofEpochSecond(bytes.getLong(offset));
        } catch (DateTimeException e) {
            throw bad("a time in it is out of range");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ControlFile that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return "pg_control of " + identity() + ", " + state + ", checkpoint " + checkpointLsn() + " on timeline "
                + timeline;
    }

    /** What a cluster was doing, in the order of the server's {@code DBState}. */
    public enum State {
        /** Starting up. */
        STARTING,
        /** Shut down cleanly. */
        SHUT_DOWN,
        /** Shut down cleanly while a standby. */
        SHUT_DOWN_IN_RECOVERY,
        /** Shutting down. */
        SHUTTING_DOWN,
        /** Recovering from a crash. */
        IN_CRASH_RECOVERY,
        /** Recovering from an archive, or a standby. */
        IN_ARCHIVE_RECOVERY,
        /** Running; also what a base backup of a primary says. */
        IN_PRODUCTION
    }
}
