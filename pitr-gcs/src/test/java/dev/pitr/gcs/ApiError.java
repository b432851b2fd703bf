package dev.pitr.gcs;

/** An answer that says no, as the store words it. */
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    ApiError(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    static ApiError invalid(String message) {
        return new ApiError(400, "invalid", message);
    }

    static ApiError conditionNotMet() {
        return new ApiError(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
