package dev.pitr.restore;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * A restored data directory that is ready for a server to start on. While WAL is {@linkplain WalDelivery.Served served},
 * it keeps serving until {@link #close()}.
 */
public final class RestoreResult implements AutoCloseable {
    private RestoreResult() {}

    /**
     * A setting of the backed-up server that would have done harm here and was overridden.
     *
     * @param name the setting
     * @param was the value that it had
     * @param now the value written to postgresql.auto.conf
     * @param reason why
     */
    public record Neutralised(String name, String was, String now, String reason) {}

    /**
     * Returns the data directory.
     *
     * @return an absolute path
     */
    public Path dataDirectory() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns where each tablespace lies now.
     *
     * @return absolute folders by tablespace OID (unsigned)
     */
    public SortedMap<Long, Path> tablespaces() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns what was inherited and overridden.
     *
     * @return in the order of the settings file
     */
    public List<Neutralised> neutralised() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns what a person should know before starting the server.
     *
     * @return one sentence or more each
     */
    public List<String> warnings() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the command that starts the server.
     *
     * @return quoted for a POSIX shell
     */
    public String startCommand() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the result for people.
     *
     * @return several lines: where everything lies, what was overridden, how to start and watch
     */
    public String describe() {
        throw new UnsupportedOperationException();
    }

    /** Stops serving WAL. What was restored stays. */
    @Override
    public void close() {}
}
