package dev.pitr.examples.cli;

import dev.pitr.archive.WalConflictException;
import dev.pitr.error.PitrException;
import dev.pitr.recovery.InvalidTargetException;
import dev.pitr.recovery.RestoreRefusedException;
import java.io.PrintWriter;

/** A command that failed: what is printed, and the exit status. */
final class Failure {
    private final Throwable error;
    private final boolean json;

    Failure(Throwable error, boolean json) {
        this.error = error;
        this.json = json;
    }

    /** Prints the error and returns the exit status. */
    int report(PrintWriter out, PrintWriter err) {
        if (json) {
            out.println(error instanceof RestoreRefusedException refused ? refused.toJson() : document());
            out.flush();
        } else {
            err.println("pitr: " + message());
            err.flush();
        }
        return status().status();
    }

    ExitCode status() {
        if (error instanceof RestoreRefusedException) {
            return ExitCode.REFUSED;
        }
        if (error instanceof WalConflictException) {
            return ExitCode.CONFLICT;
        }
        boolean usage = error instanceof IllegalArgumentException || error instanceof InvalidTargetException;
        return usage ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** An error that pitr raises on purpose speaks for itself; of any other the type is told too. */
    private String message() {
        if (error instanceof PitrException pitr) {
            return pitr.getMessage() + " [" + pitr.code() + "]";
        }
        return error instanceof IllegalArgumentException ? String.valueOf(error.getMessage()) : error.toString();
    }

    private String document() {
        return Output.object(fields -> {
            fields.writeStringField("error", error instanceof PitrException pitr ? pitr.code() : "unexpected");
            fields.writeStringField("message", message());
        });
    }
}
