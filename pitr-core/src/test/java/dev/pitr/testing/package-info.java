/**
 * Real PostgreSQL servers for tests: start with {@link dev.pitr.testing.PostgresServer}.
 *
 * <p>Only the servers' binaries come from elsewhere; they are run directly, because {@code pg_ctl} hides exit codes and
 * reports a server as started before its recovery has ended.
 */
@NullMarked
package dev.pitr.testing;

import org.jspecify.annotations.NullMarked;
