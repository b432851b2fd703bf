package dev.pitr.archive;

import dev.pitr.postgres.PostgresConf;
import java.nio.file.Path;

/**
 * A value for the setting {@code archive_command}: one line of POSIX sh through which a running server hands its WAL to an
 * {@link ArchiveServer}.
 *
 * <p>The server takes exit status 0 for "archived", after which it recycles the file, and tries again after any other
 * (section <em>Continuous Archiving</em> of PostgreSQL's documentation; {@code pgarch.c}). So the line exits 0 only when
 * it was told that this very file, recognised by its inode, is durable, and 1 in every other case, with the reason on
 * standard error, which is the server's log.
 *
 * <p>It needs sh, {@code ls}, {@code rm} and {@code sleep}, and works whatever characters stand in a path.
 */
public final class ArchiveCommand {
    private final String line;

    private ArchiveCommand(String line) {
        this.line = line;
    }

    /**
     * Asks a running {@link ArchiveServer} and waits for the answer. It stops waiting when the serving process has shown no
     * sign of life for about half a minute (where {@code sleep} knows whole seconds only, 25 minutes), at once when that
     * was closed, and when the PostgreSQL process that runs it is gone.
     *
     * @param folder the folder of the {@link ArchiveServer}, absolute
     * @return the command
     */
    static ArchiveCommand served(Path folder) {
        return new ArchiveCommand("r=1; d=" + ShellWord.quote(folder) + "; f=%f; m=\"no process serves $d\";"
                + " trap 'test $r = 0 || printf \"%%s\\n\" \"pitr: $f is not archived: $m\" >&2; exit $r' 0;"
                + " set -- $(ls -i \"%p\"); i=$1; test -n \"$i\" || { m=\"cannot find %p\"; exit; };"
                + " { echo \"asked $i\" >\"$d/ask/$f\"; } 2>/dev/null || exit;"
                + " m=\"the process that serves $d gives no answer\"; l=; n=0; while kill -0 $PPID 2>/dev/null; do"
                // Only the word of this very file counts: a name is used again where a cluster was restored.
                + " a=; { read -r a <\"$d/ready/$f\"; } 2>/dev/null;"
                + " if test \"$a\" = \"$i\"; then r=0; rm -f \"$d/ask/$f\" \"$d/ready/$f\"; exit; fi;"
                + " a=; { read -r a t <\"$d/ask/$f\"; } 2>/dev/null; if test \"$a\" = fault; then m=$t; exit; fi;"
                + " c=; { read -r c <\"$d/alive\"; } 2>/dev/null || { m=\"no process serves $d any more\"; exit; };"
                + " if test \"$c\" = \"$l\"; then n=$((n+1)); else n=0; l=$c; fi;"
                + " test $n -lt 1500 || exit; sleep 0.02 2>/dev/null || sleep 1; done");
    }

    /**
     * Returns the value of the setting, not yet quoted for a configuration file.
     *
     * @return one line; placeholders of the server stand as {@code %f} and {@code %p}, other percent signs are doubled
     */
    public String line() {
        return line;
    }

    /**
     * Returns the line for {@code postgresql.conf}.
     *
     * @return {@code archive_command = '…'}, quoted as the server reads it
     */
    public String setting() {
        return PostgresConf.line("archive_command", line);
    }

    @Override
    public String toString() {
        return line;
    }
}
