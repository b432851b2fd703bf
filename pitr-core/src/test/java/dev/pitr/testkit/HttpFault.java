package dev.pitr.testkit;

/** What {@link HttpFaultProxy} does to the request that an {@link HttpFaultPlan} chooses. */
public enum HttpFault {
    /** The connection is reset when the head of the request has come; the server never hears of it. */
    RESET_BEFORE,

    /** The server has done it all and has answered; the answer is lost and the connection reset. */
    RESET_AFTER,

    /** Half of the request's body reaches the server, then both connections are reset. Needs a body. */
    CUT_REQUEST,

    /** The answer is 503 with {@code Retry-After}; the server never hears of the request. */
    UNAVAILABLE_BEFORE,

    /** The server has done it all; the answer is 503 with {@code Retry-After} nevertheless. */
    UNAVAILABLE_AFTER,

    /** Half of the answer's body comes, then the connection ends in good order. Needs a body. */
    CUT_ANSWER,

    /** One bit of the request's body is flipped on its way to the server. Needs a body. */
    FLIP_REQUEST,

    /** One bit of a successful answer's body is flipped. Needs a body. */
    FLIP_ANSWER,

    /** All is done; the answer comes late. */
    SLOW;

    /**
     * Tells whether this can happen to a request, as far as its method says; where it can't, nothing happens.
     *
     * @param request a request
     * @return whether it may have the body that this needs
     */
    public boolean appliesTo(ProxiedRequest request) {
        return switch (this) {
            case CUT_REQUEST, FLIP_REQUEST ->
                request.method().equals("PUT") || request.method().equals("POST");
            case CUT_ANSWER, FLIP_ANSWER ->
                request.method().equals("GET") || request.method().equals("POST");
            default -> true;
        };
    }
}
