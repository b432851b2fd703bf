/**
 * WAL into the repository and back.
 *
 * <p>{@link dev.pitr.archive.WalArchiver} archives what a server has finished, {@link dev.pitr.archive.ArchiveServer} does so
 * when the server's {@code archive_command} asks, {@link dev.pitr.archive.WalFetcher} brings one file back. A recovering
 * server gets its WAL by a {@link dev.pitr.archive.RestoreCommand}, in one of three ways under
 * one contract, <em>only what isn't planned may be absent, everything else is a fault, and no segment off the planned path
 * reaches the server</em>:
 *
 * <ul>
 *   <li><em>served</em>: this process fetches ahead, {@link dev.pitr.archive.WalServer};
 *   <li><em>staged</em>: all {@linkplain dev.pitr.archive.PlannedWal planned} WAL is laid out beforehand,
 *       {@link dev.pitr.archive.WalStager};
 *   <li><em>command</em>: the server runs a program, {@link dev.pitr.archive.RestoreCommand#program}.
 * </ul>
 */
@NullMarked
package dev.pitr.archive;

import org.jspecify.annotations.NullMarked;
