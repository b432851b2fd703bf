/**
 * Finding the moment: what transactions did to a cluster, read from its archived WAL. Start with
 * {@link dev.pitr.history.History}: a query whose {@linkplain dev.pitr.history.HistoryEntry entries} each offer the
 * recovery target just before them.
 *
 * <p>Reads through the port {@link dev.pitr.catalog.WalIndex}, so that WAL kept elsewhere can be searched too.
 */
@NullMarked
package dev.pitr.history;

import org.jspecify.annotations.NullMarked;
