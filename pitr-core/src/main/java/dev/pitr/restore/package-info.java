/**
 * Carries out a {@link dev.pitr.recovery.RestorePlan}: fetches, unpacks, checks and configures, and
 * provides the recovering server with its WAL. Start with {@link dev.pitr.restore.RestoreExecutor}.
 */
@NullMarked
package dev.pitr.restore;

import org.jspecify.annotations.NullMarked;
