package dev.pitr.recovery;

import java.util.List;

/** The words of refusals that don't concern a single backup. */
final class Refusals {
    private Refusals() {}

    static Refusal otherCluster(long stored, long expected) {
        return general(
                Refusal.Kind.OTHER_CLUSTER,
                "The repository holds cluster " + Long.toUnsignedString(stored) + ", expected was "
                        + Long.toUnsignedString(expected) + ". Open the repository of the right cluster.");
    }

    static Refusal otherVersion(int stored, int binaries) {
        return general(
                Refusal.Kind.OTHER_VERSION,
                "The backups are of PostgreSQL " + stored + ", the server binaries of " + binaries
                        + ". Use binaries of PostgreSQL " + stored + ".");
    }

    static Refusal general(Refusal.Kind kind, String reason) {
        return new Refusal(kind, null, reason, List.of(), null);
    }
}
