/**
 * WAL into the repository and back: {@code WalArchiver} archives what a server has finished, {@code WalFetcher} brings one file
 * back, and the recovery channels hand WAL to a recovering server.
 */
@NullMarked
package dev.pitr.archive;

import org.jspecify.annotations.NullMarked;
