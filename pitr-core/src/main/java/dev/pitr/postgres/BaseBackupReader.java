package dev.pitr.postgres;

import dev.pitr.postgres.MessageStream.ProtocolViolation;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to {@code BASE_BACKUP}: two result sets, the archives and the manifest, one result set.
 *
 * <p>Up to PostgreSQL 14 each archive is a copy of its own; since 15 one copy carries all, and the first byte of each of
 * its messages says what it is ({@code backup/basebackup_copy.c}).
 */
final class BaseBackupReader {
    private final MessageStream stream;
    private final Answer answer;
    private final PostgresVersion version;
    private final BaseBackupSink sink;

    BaseBackupReader(MessageStream stream, PostgresVersion version, BaseBackupSink sink) {
        this.stream = stream;
        this.answer = new Answer(stream);
        this.version = version;
        this.sink = sink;
    }

    BaseBackupEnd read() throws IOException, ServerFailure {
        Map<String, @Nullable String> startRow = onlyRow(answer.rows());
        List<BaseBackupArchive> archives = archives(answer.rows());
        sink.start(new BaseBackupStart(lsn(startRow), timeline(startRow), archives));
        if (version.isAtLeast(PostgresVersion.V15)) {
            readTagged(archives);
        } else {
            readOneByOne(archives);
        }
        Map<String, @Nullable String> endRow = onlyRow(answer.rows());
        answer.expect('C');
        answer.end();
        return new BaseBackupEnd(lsn(endRow), timeline(endRow), answer.warnings());
    }

    private void readOneByOne(List<BaseBackupArchive> archives) throws IOException, ServerFailure {
        for (BaseBackupArchive archive : archives) {
            sink.archiveStart(archive);
            readCopy(sink::data);
            sink.archiveEnd();
        }
        readCopy(sink::manifest);
    }

    private void readCopy(MessageStream.ByteTarget target) throws IOException, ServerFailure {
        answer.expect('H');
        while (hasCopyData()) {
            stream.transferRest(target);
        }
    }

    private void readTagged(List<BaseBackupArchive> archives) throws IOException, ServerFailure {
        answer.expect('H');
        int begun = 0;
        boolean inArchive = false;
        boolean inManifest = false;
        while (hasCopyData()) {
            int tag = stream.readByte();
            if (inArchive && (tag == 'n' || tag == 'm')) {
                sink.archiveEnd();
                inArchive = false;
            }
            if (tag == 'n' && begun < archives.size() && !inManifest) {
                sink.archiveStart(named(archives.get(begun)));
                begun++;
                inArchive = true;
            } else if (tag == 'm' && begun == archives.size()) {
                inManifest = true;
            } else if (tag == 'd' && inArchive) {
                stream.transferRest(sink::data);
            } else if (tag == 'd' && inManifest) {
                stream.transferRest(sink::manifest);
            } else if (tag != 'p') {
                throw new ProtocolViolation("backup data out of order: '" + (char) tag + "' after " + begun + " of "
                        + archives.size() + " archives");
            }
        }
        if (!inManifest) {
            throw new ProtocolViolation("a backup that ends after " + begun + " of " + archives.size()
                    + " archives and before its manifest");
        }
    }

    /** Checks that the archive that begins is the one that is due. */
    private BaseBackupArchive named(BaseBackupArchive due) throws IOException {
        String name = stream.readString();
        String expected = due.tablespaceOid().map(Integer::toUnsignedString).orElse("base") + ".tar";
        if (!name.equals(expected)) {
            throw new ProtocolViolation("archive \"" + name + "\" where \"" + expected + "\" is due");
        }
        return due;
    }

    private boolean hasCopyData() throws IOException, ServerFailure {
        char type = answer.next();
        if (type != 'd' && type != 'c') {
            throw new ProtocolViolation("a message '" + type + "' among backup data");
        }
        return type == 'd';
    }

    private static List<BaseBackupArchive> archives(List<Map<String, @Nullable String>> rows) throws ProtocolViolation {
        List<BaseBackupArchive> archives = new ArrayList<>();
        for (Map<String, @Nullable String> row : rows) {
            String oid = row.get("spcoid");
            String kibibytes = row.get("size");
            try {
                archives.add(new BaseBackupArchive(
                        Optional.ofNullable(oid).map(Integer::parseUnsignedInt),
                        oid == null ? Optional.empty() : Optional.ofNullable(row.get("spclocation")),
                        kibibytes == null
                                ? OptionalLong.empty()
                                : OptionalLong.of(Math.multiplyExact(Long.parseLong(kibibytes), 1024L))));
            } catch (NumberFormatException | ArithmeticException e) {
                throw new ProtocolViolation("a list of tablespaces that can't be understood: " + row);
            }
        }
        if (archives.isEmpty() || !archives.get(archives.size() - 1).isDataDirectory()) {
            throw new ProtocolViolation("a list of tablespaces that doesn't end with the data directory");
        }
        return archives;
    }

    private static Map<String, @Nullable String> onlyRow(List<Map<String, @Nullable String>> rows)
            throws ProtocolViolation {
        if (rows.size() != 1) {
            throw new ProtocolViolation(rows.size() + " rows where the position of a backup is due");
        }
        return rows.get(0);
    }

    private static Lsn lsn(Map<String, @Nullable String> row) throws ProtocolViolation {
        try {
            return Lsn.parse(String.valueOf(row.get("recptr")));
        } catch (WalFormatException e) {
            throw new ProtocolViolation("a position that can't be understood: " + row);
        }
    }

    private static TimelineId timeline(Map<String, @Nullable String> row) throws ProtocolViolation {
        try {
            return TimelineId.parse(String.valueOf(row.get("tli")));
        } catch (WalFormatException e) {
            throw new ProtocolViolation("a timeline that can't be understood: " + row);
        }
    }
}
