package dev.pitr.restore;

import java.nio.file.Path;
import java.util.List;

/**
 * How the recovering server gets its WAL. In each way only a file outside the plan may be absent; a planned one that is
 * absent or damaged stops the server with FATAL, since it would take plain absence for the end of WAL and promote.
 */
public sealed interface WalDelivery {
    /** This process fetches ahead of the server until {@link RestoreResult#close()}. The default. */
    record Served() implements WalDelivery {}

    /**
     * All planned WAL is laid into a folder beforehand, from which the server copies; needs no process afterwards.
     *
     * @param folder an absolute folder outside the target; made if absent
     */
    record Staged(Path folder) implements WalDelivery {
        /** Checks that the folder is absolute. */
        public Staged {
            if (!folder.isAbsolute()) {
                throw new IllegalArgumentException("Cannot stage WAL in " + folder + ": the path is not absolute");
            }
        }
    }

    /**
     * The server runs a program for each file.
     *
     * @param program the program and its first arguments, each taken literally; the file's name and
     *     the path to write are appended
     */
    record Command(List<String> program) implements WalDelivery {
        /** Copies the list. */
        public Command {
            program = List.copyOf(program);
        }
    }
}
