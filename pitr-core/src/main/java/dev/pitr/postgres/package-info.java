/**
 * The server's side of the fence. Start with {@link dev.pitr.postgres.ReplicationConnection}: the replication protocol, the
 * settings of a running server, and the files of a data directory that pitr reads or writes (control file, backup label,
 * backup manifest, tablespace map).
 */
@NullMarked
package dev.pitr.postgres;

import org.jspecify.annotations.NullMarked;
