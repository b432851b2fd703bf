/**
 * PostgreSQL's WAL as records: what a cluster did, read from the bytes of its segments, for versions 13 to 18.
 *
 * <p>Start with {@link dev.pitr.wal.record.WalCursor}, which is fed pages and moves from record to record. A
 * {@link dev.pitr.wal.record.WalRecord} shows each one's fields, and its
 * {@link dev.pitr.wal.record.WalRecord#event() event()} makes a value, a {@link dev.pitr.wal.record.WalEvent}, of those
 * that matter to recovery.
 *
 * <p>Bytes are given, none are fetched: no input or output, no clock, no logging. Hostile bytes end a cursor with a
 * {@link dev.pitr.wal.record.WalEnd}; they never make it fail, hang or use more memory than its limit.
 */
@NullMarked
package dev.pitr.wal.record;

import org.jspecify.annotations.NullMarked;
