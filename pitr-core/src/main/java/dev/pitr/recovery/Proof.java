package dev.pitr.recovery;

import java.util.List;

/**
 * What was read in the WAL of a route.
 *
 * @param target the target that is written into the settings: what was asked for, or a position that means the same
 * @param search what was found
 * @param stop where recovery ends with that target
 * @param remarks what a person should know of it, as sentences
 */
record Proof(RecoveryTarget target, StopSearch search, RecoveryStop stop, List<String> remarks) {
    Proof {
        remarks = List.copyOf(remarks);
    }
}
