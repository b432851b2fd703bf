package dev.pitr.recovery;

import dev.pitr.wal.Lsn;

/**
 * Where a record lies.
 *
 * @param start its first byte
 * @param end the server's {@code EndRecPtr}
 */
record ReplayedRecord(Lsn start, Lsn end) {}
