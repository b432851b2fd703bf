package dev.pitr.testkit;

/** What happens at the call that a {@link FaultPlan} chooses. */
public enum Fault {
    /** Nothing is done; the caller is told that the store is unavailable. */
    FAIL_BEFORE,

    /**
     * All is done, and the acknowledgement is lost: the outcome is unknown to whoever stores something, and the store
     * unavailable to others.
     */
    FAIL_AFTER,

    /** Nothing is done, but the caller can't know that: the outcome is unknown. */
    UNKNOWN_BEFORE,

    /**
     * The call is cut in the middle: half of the content or of the keys goes through, then the store is unavailable;
     * half of the bytes is read, then the stream <em>ends without an error</em>; a listing breaks after its first
     * object.
     */
    TEAR,

    /** One bit of what is read is flipped, without an error. */
    CORRUPT,

    /** All is done, late. */
    SLOW,

    /**
     * The process dies before the call, as far as the store can see: this call and all later ones fail, and nothing is
     * cleaned up.
     */
    DIE_BEFORE,

    /** The process dies after the call has taken effect. */
    DIE_AFTER;

    /**
     * Tells whether this can happen at a call of some kind; where it can't, nothing happens.
     *
     * @param call a kind of call
     * @return whether it can
     */
    public boolean appliesTo(StorageCall call) {
        return switch (this) {
            case UNKNOWN_BEFORE -> call == StorageCall.CREATE || call == StorageCall.PUT || call == StorageCall.COMMIT;
            case CORRUPT -> call == StorageCall.READ;
            case TEAR -> canBeHalf(call);
            default -> true;
        };
    }

    private static boolean canBeHalf(StorageCall call) {
        return switch (call) {
            case CREATE, PUT, WRITE, READ, LIST, DELETE -> true;
            case UPLOAD, COMMIT, OPEN, STAT, MAINTAIN -> false;
        };
    }
}
