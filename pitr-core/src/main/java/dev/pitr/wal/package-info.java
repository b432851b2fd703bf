/**
 * PostgreSQL's coordinates in the write-ahead log, as values: positions ({@link dev.pitr.wal.Lsn}), timelines and their
 * history, segments and the names of the files that hold them.
 *
 * <p>The ground floor of pitr: no input or output, no clock, no logging. Start with {@link dev.pitr.wal.WalSegment}.
 */
@NullMarked
package dev.pitr.wal;

import org.jspecify.annotations.NullMarked;
