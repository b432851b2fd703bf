package dev.pitr.postgres;

import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Turns what the server or the driver says into {@link ServerException}: a stable code, and what to do. */
final class ServerErrors {
    private static final Pattern CURRENT_LIMIT = Pattern.compile("max_wal_senders\\D+(\\d+)\\)");

    private ServerErrors() {}

    /** An error of the server on an open session. */
    static ServerException of(String attempt, ServerFailure failure) {
        return of(attempt, failure.error(), failure.warnings(), null);
    }

    /** A connection that was open is no longer usable. */
    static ServerException lost(String attempt, Exception cause) {
        boolean garbled = cause instanceof MessageStream.ProtocolViolation;
        return new ServerException(
                garbled ? "postgres.protocol" : "postgres.connection-lost",
                attempt + ": " + reason(cause)
                        + (garbled
                                ? ". Check that a PostgreSQL server answers there, without a pooler in between."
                                : ". Check the server's log and the network, then try again."),
                null,
                List.of(),
                cause);
    }

    /** The driver could not connect. */
    static ServerException connecting(String attempt, SQLException cause) {
        ServerErrorMessage message = cause instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        if (message != null) {
            return of(attempt, message(message), List.of(), cause);
        }
        if (hasCause(cause, ClassNotFoundException.class)) {
            return ofDriver(
                    "postgres.driver",
                    attempt,
                    cause,
                    "Check that the driver sees the classes that its "
                            + "properties name; where it sits in a parent class loader, pitr needs pgjdbc 42.7.14 or newer.");
        }
        if (hasCause(cause, SSLException.class) || hasCause(cause, CertificateException.class)) {
            return ofDriver("postgres.tls", attempt, cause, "Check sslmode, sslrootcert and the server's certificate.");
        }
        // 08004: the driver refuses to go on, such as without a password or without TLS.
        return "08004".equals(cause.getSQLState())
                ? ofDriver("postgres.access-refused", attempt, cause, "Check user, password and sslmode.")
                : ofDriver("postgres.unreachable", attempt, cause, "Check host, port and that the server runs.");
    }

    private static ServerException ofDriver(String code, String attempt, SQLException cause, String advice) {
        return new ServerException(
                code, attempt + ": " + sentence(reason(cause)) + " " + advice, null, List.of(), cause);
    }

    private static ServerException of(
            String attempt, ServerMessage error, List<String> warnings, @Nullable Throwable cause) {
        Diagnosis diagnosis = diagnose(error);
        String text = attempt + ": " + sentence(error.describe()) + " (SQLSTATE " + error.sqlState() + ")";
        return new ServerException(
                diagnosis.code,
                diagnosis.advice.isEmpty() ? text : text + " " + diagnosis.advice,
                error.sqlState(),
                warnings,
                cause);
    }

    private static Diagnosis diagnose(ServerMessage error) {
        return switch (error.sqlState()) {
            case "28P01" -> new Diagnosis("postgres.wrong-password", "Check user and password.");
            case "28000" ->
                new Diagnosis(
                        "postgres.access-refused",
                        "Check that the role may log in and that pg_hba.conf has a line for its database and address.");
            case "3D000" -> new Diagnosis("postgres.access-refused", "Name a database that exists.");
            case "42501" ->
                error.endsSession()
                        ? new Diagnosis(
                                "postgres.no-replication-role", "Give it to the role: ALTER ROLE ... REPLICATION.")
                        : new Diagnosis("postgres.server-error", "Grant the role what it needs.");
            case "53300" -> tooMany(error);
            case "55000" -> new Diagnosis("postgres.server-state", "");
            case "57014" -> new Diagnosis("postgres.query-cancelled", "");
            case "57P03" -> new Diagnosis("postgres.starting", "Try again once the server accepts connections.");
            case "57P01", "57P02" -> new Diagnosis("postgres.stopped", "Try again once the server runs.");
            case "XX001" ->
                new Diagnosis(
                        "postgres.page-checksum",
                        "The server's warnings name the pages. Repair them, or take the backup without page checksums.");
            default -> new Diagnosis("postgres.server-error", "");
        };
    }

    private static Diagnosis tooMany(ServerMessage error) {
        if (!error.text().contains("max_wal_senders")) {
            return new Diagnosis("postgres.too-many-connections", "Try again later, or raise max_connections.");
        }
        Matcher limit = CURRENT_LIMIT.matcher(error.text());
        boolean off = limit.find() && "0".equals(limit.group(1));
        return new Diagnosis(
                "postgres.no-wal-senders",
                off
                        ? "Set max_wal_senders to 2 or more and wal_level to replica (minimal does not allow backups), "
                                + "then restart the server."
                        : "Wait for another backup or standby to end, or raise max_wal_senders and restart the server.");
    }

    private static ServerMessage message(ServerErrorMessage driver) {
        // Only FATAL comes before a session is established.
        return new ServerMessage(
                "FATAL",
                String.valueOf(driver.getSQLState()),
                String.valueOf(driver.getMessage()),
                driver.getDetail(),
                driver.getHint());
    }

    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 16; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
            depth++;
        }
        return false;
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private record Diagnosis(String code, String advice) {}
}
