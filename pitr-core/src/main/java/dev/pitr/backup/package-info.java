/**
 * Base backups: taken over the replication protocol, cut into parts, streamed into the repository. Start with
 * {@code BaseBackup}.
 */
@NullMarked
package dev.pitr.backup;

import org.jspecify.annotations.NullMarked;
