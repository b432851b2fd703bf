/**
 * Base backups: taken over the replication protocol, cut into parts and frames, compressed in parallel and streamed into the
 * repository. Start with {@link dev.pitr.backup.BaseBackup}.
 */
@NullMarked
package dev.pitr.backup;

import org.jspecify.annotations.NullMarked;
