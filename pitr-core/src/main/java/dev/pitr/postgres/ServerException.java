package dev.pitr.postgres;

import dev.pitr.error.PitrException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server refused or ended what was asked of it, or could not be reached. Codes start with {@code postgres.}.
 *
 * <ul>
 *   <li>No session: {@code postgres.unreachable}, {@code postgres.tls}, {@code postgres.wrong-password},
 *       {@code postgres.access-refused} (no matching line in pg_hba.conf, unknown role or database),
 *       {@code postgres.no-replication-role}, {@code postgres.no-wal-senders} (all busy, or none because of
 *       {@code wal_level=minimal}), {@code postgres.too-many-connections}, {@code postgres.starting},
 *       {@code postgres.driver} (a class that the driver's properties name can't be loaded).
 *   <li>Session ended: {@code postgres.connection-lost}, {@code postgres.stopped}, {@code postgres.protocol} (what the
 *       server sent can't be understood).
 *   <li>Request failed: {@code postgres.query-cancelled}, {@code postgres.page-checksum},
 *       {@code postgres.server-state} (not possible in the server's state, such as on a standby that was promoted),
 *       {@code postgres.server-error} for all else.
 * </ul>
 */
public final class ServerException extends PitrException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;
    private final List<String> warnings;

    ServerException(
            String code, String message, @Nullable String sqlState, List<String> warnings, @Nullable Throwable cause) {
        super(code, message, cause);
        this.sqlState = sqlState;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Returns the error's SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes").
     *
     * @return five characters, empty if the error did not come from the server
     */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }

    /**
     * Returns the notices and warnings that the server sent before the error, such as one for each damaged page.
     *
     * @return in the order they came, in the server's language
     */
    public List<String> warnings() {
        return warnings;
    }
}
