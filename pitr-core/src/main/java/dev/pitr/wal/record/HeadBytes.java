package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the rest of a record that began before the first page. */
final class HeadBytes {
    private final int limit;
    private byte[] buffer = {};
    private @Nullable PostgresVersion version;
    private WalHead.Kind kind = WalHead.Kind.RECORD;
    private long page;
    private int length;
    private int received;
    private int retained;
    private long end;

    HeadBytes(int limit) {
        this.limit = limit;
    }

    void none(PostgresVersion writer, long pageLsn, WalHead.Kind how, int headerBytes) {
        version = writer;
        page = pageLsn;
        kind = how;
        end = pageLsn + headerBytes;
    }

    void begin(PostgresVersion writer, long pageLsn, int lengthBytes) {
        version = writer;
        page = pageLsn;
        kind = WalHead.Kind.CONTINUATION;
        length = lengthBytes;
    }

    void append(byte[] from, int offset, int count, long endLsn) {
        int kept = Math.min(count, limit - retained);
        if (kept > buffer.length - retained) {
            buffer = Arrays.copyOf(buffer, Math.min(limit, Math.max(retained + kept, 2 * buffer.length)));
        }
        System.arraycopy(from, offset, buffer, retained, kept);
        retained += kept;
        received += count;
        end = endLsn;
    }

    /** The record was lost after all: what came of it is no use. */
    void overwritten() {
        kind = WalHead.Kind.OVERWRITTEN;
        length = received;
    }

    int missing() {
        return length - received;
    }

    Optional<WalHead> value() {
        return version == null
                ? Optional.empty()
                : Optional.of(new WalHead(
                        version, new Lsn(page), kind, length, received, Arrays.copyOf(buffer, retained), new Lsn(end)));
    }
}
