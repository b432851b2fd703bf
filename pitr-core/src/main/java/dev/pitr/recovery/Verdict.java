package dev.pitr.recovery;

/** Whether one backup can serve a request. */
sealed interface Verdict {
    /** It can. */
    record Found(Route route) implements Verdict {}

    /** It can't. */
    record Refused(Refusal refusal) implements Verdict {}
}
