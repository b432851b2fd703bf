package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps rare records, up to a bound: the first ones in WAL order. */
final class KeptRecords {
    private static final int MAX_RECORDS = 128;
    private static final int MAX_BYTES = 16 << 10;

    private final List<KeptRecord> records = new ArrayList<>();
    private int bytes;
    private boolean isCut;

    void add(WalRecord record) {
        keep(record, MAX_RECORDS, MAX_BYTES);
    }

    /** Keeps one of a kind that may be frequent, so that there is room left for the others. */
    void addFrequent(WalRecord record) {
        keep(record, MAX_RECORDS / 2, MAX_BYTES / 2);
    }

    private void keep(WalRecord record, int maxRecords, int maxBytes) {
        int length = record.length();
        if (record.retainedLength() < length || !fits(length, maxRecords, maxBytes)) {
            isCut = true;
            return;
        }
        byte[] copy = Arrays.copyOfRange(record.bytes(), record.offset(), record.offset() + length);
        records.add(KeptRecord.of(new Lsn(record.startLsn()), new Lsn(record.endLsn()), copy));
        bytes += length;
    }

    /** Adds records that were kept before. */
    void addAll(List<KeptRecord> later) {
        for (KeptRecord record : later) {
            if (fits(record.length(), MAX_RECORDS, MAX_BYTES)) {
                records.add(record);
                bytes += record.length();
            } else {
                isCut = true;
            }
        }
    }

    private boolean fits(int length, int maxRecords, int maxBytes) {
        return length <= KeptRecord.MAX_BYTES && records.size() < maxRecords && bytes + length <= maxBytes;
    }

    List<KeptRecord> records() {
        return List.copyOf(records);
    }

    /** Whether records are missing. */
    boolean isCut() {
        return isCut;
    }
}
