package dev.pitr.archive;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A value for the setting {@code restore_command}: one line of POSIX sh through which a recovering server gets its WAL.
 *
 * <p>The server takes exit status 0 for "restored", 1 to 125 for "there is no such file", which ends recovery, and
 * anything above, or a signal, for a fault that stops it with FATAL (section <em>Archive Recovery Settings</em> of
 * PostgreSQL's documentation; {@code shell_restore.c}). So each line exits 0 when the file is in place, 1 when it is known
 * to be absent and isn't planned, and 200 in every other case, a shell that can't fork or a program that didn't start
 * included: an exit trap holds 200 until the outcome is known.
 *
 * <p>The lines need sh, {@code mv}, {@code cp} and {@code sleep}, and work whatever characters stand in a path. They never
 * link a file into {@code pg_wal}, since the server recycles what lies there.
 */
public final class RestoreCommand {
    /** The exit status by which a program says that a file is absent. Anything but this and 0 is a fault. */
    public static final int ABSENT_STATUS = 44;

    private static final String HOLD_FAULT = "r=200; trap 'exit $r' 0; ";

    // Looks through the planned names: one that is there, or a list that isn't whole, leaves the fault in place.
    private static final String ABSENT_UNLESS_PLANNED =
            "while read -r n; do case $n in %f) exit;; " + PlannedWal.END_OF_NAMES + ") r=1;; esac; done <";

    private final String line;

    private RestoreCommand(String line) {
        this.line = line;
    }

    /**
     * Takes WAL from a running {@link WalServer}: takes what lies ready, else asks and waits for the answer. It stops
     * waiting, with a fault, when the serving process has shown no sign of life for about half a minute (where
     * {@code sleep} knows whole seconds only, ten minutes), at once when the server was closed, and when the PostgreSQL
     * process that runs it is gone.
     *
     * @param folder the folder of the {@link WalServer}, absolute
     * @return the command
     */
    static RestoreCommand served(Path folder) {
        return new RestoreCommand(HOLD_FAULT
                + "d=" + ShellWord.quote(folder)
                + "; f=%f; k=; l=; n=0; while kill -0 $PPID 2>/dev/null; do"
                // What lies ready is taken. It can vanish in between, when the window moves: then it is asked for
                // again.
                + " if test -f \"$d/ready/$f\"; then mv -f \"$d/ready/$f\" \"%p\" && r=0 && exit;"
                + " test -f \"$d/ready/$f\" && exit; k=; fi;"
                // The first question overwrites an answer of earlier times; one that was lost is asked again.
                + " if test -z \"$k\"; then echo asked >\"$d/ask/$f\" || exit; k=1; fi;"
                + " a=; { read -r a <\"$d/ask/$f\"; } 2>/dev/null || k=; case $a in absent) r=1; exit;; fault) exit;; esac;"
                + " c=; read -r c <\"$d/alive\" || exit; if test \"$c\" = \"$l\"; then n=$((n+1)); else n=0; l=$c; fi;"
                + " test $n -lt 600 || exit; sleep 0.05 2>/dev/null || sleep 1; done");
    }

    /**
     * Copies WAL from a folder that a {@link WalStager} filled.
     *
     * @param folder that folder, absolute
     * @return the command
     */
    static RestoreCommand staged(Path folder) {
        return new RestoreCommand(HOLD_FAULT
                + "d=" + ShellWord.quote(folder)
                + "; if test -e \"$d/%f\"; then cp \"$d/%f\" \"%p\" && r=0; exit; fi; "
                + ABSENT_UNLESS_PLANNED + "\"$d/" + WalStager.NAMES + "\"");
    }

    /**
     * Runs a program for each file.
     *
     * @param program the program and its first arguments, each taken literally; the name of the file and the path to
     *     write, which is relative to the data directory, are appended. It must exit 0 when it wrote the file and
     *     {@link #ABSENT_STATUS} when the file is absent
     * @param planned what the recovery counts on
     * @param names what {@link PlannedWal#writeNames} wrote of it, an absolute path
     * @return the command
     */
    public static RestoreCommand program(List<String> program, PlannedWal planned, Path names) {
        if (program.isEmpty()) {
            throw new IllegalArgumentException("Cannot make a restore command: the program is not named");
        }
        String words = program.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
        String absentAtEnd = planned.end()
                .map(end -> "case %f in ????????" + end + ") r=1; exit;; esac; ")
                .orElse("");
        return new RestoreCommand(HOLD_FAULT
                + absentAtEnd
                // A program that lost its exit status says 0: only the file itself is believed, and no older one.
                + "rm -f \"%p\" || exit; " + words + " %f \"%p\"; case $? in 0) test -f \"%p\" && r=0;; "
                + ABSENT_STATUS + ") "
                + ABSENT_UNLESS_PLANNED + ShellWord.quote(names) + ";; esac");
    }

    /**
     * Returns the value of the setting, not yet quoted for a configuration file.
     *
     * @return one line; placeholders of the server stand as {@code %f} and {@code %p}, other percent signs are doubled
     */
    public String line() {
        return line;
    }

    @Override
    public String toString() {
        return line;
    }
}
