package dev.pitr.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error that pitr raises on purpose.
 *
 * <p>It is unchecked. The {@linkplain #code() code} is stable across releases and meant for programs; the message is
 * meant for people and says what happened, where, and what to do. Typed subclasses exist only where a caller would
 * branch. No message carries a password, a key or a URL with credentials.
 */
public class PitrException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Creates an error.
     *
     * @param code a stable dotted code, such as {@code wal.gap}
     * @param message what, where, and what to do
     */
    public PitrException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Creates an error with a cause.
     *
     * @param code a stable dotted code, such as {@code wal.gap}
     * @param message what, where, and what to do
     * @param cause the underlying failure, or null
     */
    public PitrException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * Returns the stable dotted code of this error.
     *
     * @return for example {@code storage.denied}
     */
    public final String code() {
        return code;
    }
}
