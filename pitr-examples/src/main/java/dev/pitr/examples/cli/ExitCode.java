package dev.pitr.examples.cli;

/**
 * What the program's exit status says. 1 is never used: a JVM that can't start exits so, and a script must be able to
 * tell that from an answer.
 */
enum ExitCode {
    /** Done. */
    OK(0),
    /** The command line is wrong; nothing was done. */
    USAGE(2),
    /** Something failed: storage, server, damaged or foreign data. */
    FAILED(3),
    /** The restore that was asked for can't be planned; the message names the nearest alternatives. */
    REFUSED(4),
    /** The backup is complete, but WAL that it needs is not in the repository yet. */
    INCOMPLETE(5),
    /** Another file is stored under the name; nothing was replaced. */
    CONFLICT(6),
    /** {@code fetch}: the repository holds no file of this name. {@code find} and the like: there is nothing to list. */
    ABSENT(dev.pitr.archive.RestoreCommand.ABSENT_STATUS);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}
