package dev.pitr.postgres;

import java.util.List;

/** The server answered with an error. Internal: callers see {@link ServerException}, which says what was attempted. */
final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ServerMessage error;
    private final transient List<String> warnings;

    ServerFailure(ServerMessage error, List<String> warnings) {
        super(error.text());
        this.error = error;
        this.warnings = List.copyOf(warnings);
    }

    ServerMessage error() {
        return error;
    }

    List<String> warnings() {
        return warnings;
    }
}
