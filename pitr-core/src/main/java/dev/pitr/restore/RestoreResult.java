package dev.pitr.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A restored data directory that is ready for a server to start on. While WAL is {@linkplain WalDelivery.Served served},
 * it keeps serving until {@link #close()}. Safe for use by several threads.
 */
public final class RestoreResult implements AutoCloseable {
    private final RestoreOptions options;
    private final List<Neutralised> neutralised;
    private final List<String> warnings;
    private final WalSupply supply;

    private RestoreResult(
            RestoreOptions options, List<Neutralised> neutralised, List<String> warnings, WalSupply supply) {
        this.options = options;
        this.neutralised = neutralised;
        this.warnings = warnings;
        this.supply = supply;
    }

    static RestoreResult of(
            RestoreOptions options, Preflight preflight, Configuration configuration, WalSupply supply) {
        List<String> warnings = new ArrayList<>(options.plan().warnings());
        preflight.findings().forEach(finding -> warnings.add(finding.message()));
        warnings.addAll(configuration.warnings());
        return new RestoreResult(options, configuration.neutralised(), List.copyOf(warnings), supply);
    }

    /**
     * A setting of the backed-up server that would have done harm here and was overridden.
     *
     * @param name the setting
     * @param was the value that it had; not shown where it may hold a secret
     * @param now the value written to postgresql.auto.conf
     * @param reason why
     */
    public record Neutralised(String name, String was, String now, String reason) {
        @Override
        public String toString() {
            return name + " = '" + now + "' instead of '" + was + "': " + reason;
        }
    }

    /**
     * Returns the data directory.
     *
     * @return an absolute path
     */
    public Path dataDirectory() {
        return options.target();
    }

    /**
     * Returns where each tablespace lies now.
     *
     * @return absolute folders by tablespace OID (unsigned)
     */
    public SortedMap<Long, Path> tablespaces() {
        return options.tablespaces();
    }

    /**
     * Returns the folder for WAL on its way to the server. It can be removed once the server has recovered.
     *
     * @return an absolute path beside the data directory
     */
    public Path walFolder() {
        return options.walFolder();
    }

    /**
     * Returns what was inherited and overridden.
     *
     * @return in the order in which it was decided
     */
    public List<Neutralised> neutralised() {
        return neutralised;
    }

    /**
     * Returns what a person should know before starting the server.
     *
     * @return one sentence or more each
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Returns why the server was told of a fault when it asked for WAL; its own log shows an exit status only.
     *
     * @return the last error, empty if there was none or WAL isn't served by this process
     */
    public Optional<String> lastWalFault() {
        return supply.lastFault();
    }

    /**
     * Returns the command that starts the server.
     *
     * @return quoted for a POSIX shell
     */
    public String startCommand() {
        String program = options.serverBinaries()
                .map(folder -> quote(folder.resolve("pg_ctl").toString()))
                .orElse("pg_ctl");
        return program + " start -D " + quote(options.target().toString()) + " -l "
                + quote(RestoreOptions.sibling(options.target(), ".log").toString());
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9/._+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Returns the result for people.
     *
     * @return several lines: where everything lies, what was overridden, how to start and watch
     */
    public String describe() {
        Stream.Builder<String> lines = Stream.builder();
        lines.add("Restored backup " + options.backup().id() + " into " + options.target());
        tablespaces().forEach((oid, folder) -> lines.add("  tablespace " + oid + " in " + folder));
        neutralised.forEach(n -> lines.add("  overridden: " + n));
        warnings.forEach(w -> lines.add("  warning: " + w));
        lines.add("Start:  " + startCommand());
        lines.add("Watch:  select pg_is_in_recovery(), pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp();");
        lines.add("        pg_ctl reports a started server before it has recovered: wait until pg_is_in_recovery() is"
                + " false, or see its log.");
        lines.add(supply.note());
        return String.join("\n", lines.build().toList());
    }

    @Override
    public String toString() {
        return describe();
    }

    /** Stops serving WAL. What was restored stays. Does nothing the second time. */
    @Override
    public void close() {
        supply.close();
    }
}
