package dev.pitr.archive;

import dev.pitr.archive.WalRejectedException.Reason;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalFormatException;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares a file's content with its name and the cluster, before it is archived. */
final class WalFileCheck {
    private static final int MAX_TEXT_BYTES = 16 << 20;

    private final ClusterIdentity identity;
    private final OfferedWal file;

    private WalFileCheck(ClusterIdentity identity, OfferedWal file) {
        this.identity = identity;
        this.file = file;
    }

    static void require(ClusterIdentity identity, OfferedWal file) throws IOException {
        WalFileName name = file.name();
        WalFileCheck check = new WalFileCheck(identity, file);
        if (name instanceof WalFileName.Segment s) {
            check.requireSegment(s.segment());
        } else if (name instanceof WalFileName.Partial p) {
            check.requireSegment(p.segment());
        } else if (name instanceof WalFileName.History h) {
            check.requireHistory(h);
        } else if (name instanceof WalFileName.BackupHistory b) {
            check.requireBackupHistory(b);
        }
    }

    private void requireSegment(WalSegment segment) throws IOException {
        WalPageHeader header = header();
        if (header.version() != identity.version()) {
            throw rejected(
                    Reason.OTHER_VERSION,
                    "it was written by PostgreSQL " + header.version() + ", this repository is of " + identity);
        }
        if (header.systemIdentifier() != identity.systemIdentifier()) {
            throw rejected(
                    Reason.OTHER_CLUSTER,
                    "it belongs to the cluster with system identifier "
                            + Long.toUnsignedString(header.systemIdentifier()) + ", this repository is of " + identity);
        }
        requirePlace(segment, header);
        requireSize(segment);
    }

    private WalPageHeader header() throws IOException {
        byte[] start;
        try (InputStream in = file.content().open()) {
            start = in.readNBytes(WalPageHeader.BYTES);
        }
        try {
            return WalPageHeader.parse(start);
        } catch (WalFormatException e) {
            throw rejected(reason(e.code(), start), e.getMessage());
        }
    }

    private static Reason reason(String code, byte[] start) {
        boolean isZeros = start.length > 1 && start[0] == 0 && start[1] == 0;
        if (code.equals("wal.format.magic") && !isZeros) {
            return Reason.OTHER_VERSION;
        }
        return code.equals("wal.format.truncated") ? Reason.TRUNCATED : Reason.FORMAT;
    }

    private void requirePlace(WalSegment segment, WalPageHeader header) {
        if (!header.segmentSize().equals(segment.size())) {
            throw rejected(
                    Reason.SEGMENT_SIZE,
                    "it says that segments have " + header.segmentSize().bytes() + " bytes, expected "
                            + segment.size().bytes());
        }
        if (header.timeline().compareTo(segment.timeline()) > 0) {
            throw rejected(
                    Reason.TIMELINE,
                    "it begins on timeline " + header.timeline() + ", later than timeline " + segment.timeline()
                            + " of its name");
        }
        if (!header.address().equals(segment.start())) {
            throw rejected(
                    Reason.POSITION,
                    "it begins at " + header.address() + ", a file of this name must begin at " + segment.start());
        }
    }

    private void requireSize(WalSegment segment) throws IOException {
        long size = file.content().sizeBytes();
        if (size != segment.size().bytes()) {
            throw rejected(
                    size < segment.size().bytes() ? Reason.TRUNCATED : Reason.TOO_LONG,
                    "it has " + size + " bytes, a segment has " + segment.size().bytes());
        }
    }

    private void requireHistory(WalFileName.History history) throws IOException {
        try {
            if (TimelineHistory.parse(history.timeline(), text()).forks().isEmpty()) {
                throw rejected(Reason.TRUNCATED, "it names no parent of timeline " + history.timeline());
            }
        } catch (WalFormatException e) {
            throw rejected(Reason.FORMAT, e.getMessage());
        }
    }

    // The first line is written by build_backup_content in xlogbackup.c (xlog.c before version 15); the file is named
    // after the same position.
    private void requireBackupHistory(WalFileName.BackupHistory backup) throws IOException {
        Matcher start = Pattern.compile("START WAL LOCATION: ([0-9A-F/]+) \\(file [0-9A-F]{24}\\)\nSTOP WAL LOCATION: ")
                .matcher(text());
        if (!start.lookingAt()) {
            throw rejected(Reason.FORMAT, "it doesn't begin with the start and stop location of a backup");
        }
        Lsn named = backup.segment().start().plus(backup.offset());
        if (!named.toString().equals(start.group(1))) {
            throw rejected(
                    Reason.POSITION, "it is of a backup that began at " + start.group(1) + ", its name says " + named);
        }
    }

    private String text() throws IOException {
        try (InputStream in = file.content().open()) {
            byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (bytes.length > MAX_TEXT_BYTES) {
                throw rejected(Reason.TOO_LONG, "it has more than " + MAX_TEXT_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private WalRejectedException rejected(Reason reason, @org.jspecify.annotations.Nullable String detail) {
        return new WalRejectedException(reason, file.where(), String.valueOf(detail));
    }
}
