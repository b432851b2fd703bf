package dev.pitr.restore;

import java.util.List;

/**
 * How the recovering server gets its WAL. In each way only a file outside the plan may be absent; a planned one that is
 * absent or damaged stops the server with FATAL, since it would take plain absence for the end of WAL and promote. Of an
 * {@linkplain dev.pitr.recovery.RestorePlan#isOpenEnded open-ended} plan, what has been archived since is delivered as
 * well, unless it is staged.
 *
 * <p>What has to lie on disk for it lies beside the target, in {@code <target>-wal}, and can be removed after recovery.
 */
public sealed interface WalDelivery {
    /**
     * This process fetches ahead of the server, by daemon threads, until {@link RestoreResult#close()}. The default. A
     * server that still recovers when it is closed, or when the process ends, stops with FATAL.
     */
    record Served() implements WalDelivery {}

    /** All planned WAL and no more is laid out beforehand, and the server copies it; needs no process afterwards. */
    record Staged() implements WalDelivery {}

    /**
     * The server runs a program for each file; needs no process of its own between the calls. If the backup carries the
     * WAL, it is staged instead: a program that fetches from the archive wouldn't find it there.
     *
     * @param program the program and its first arguments, unquoted; the file's name and the path to write, relative to the
     *     data directory, are appended. It exits 0 when it wrote the file and
     *     {@link dev.pitr.archive.RestoreCommand#ABSENT_STATUS} when the file is absent
     */
    record Command(List<String> program) implements WalDelivery {
        /** Copies the list. */
        public Command {
            program = List.copyOf(program);
            if (program.isEmpty()) {
                throw new IllegalArgumentException("Cannot deliver WAL by a command: no program is named");
            }
        }
    }
}
