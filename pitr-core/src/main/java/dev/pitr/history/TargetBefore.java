package dev.pitr.history;

import dev.pitr.recovery.RecoveryTarget;
import java.util.Collection;
import java.util.Comparator;

/**
 * The recovery target that leads to the state just before something.
 *
 * @param target the target, exclusive
 * @param reason why this one, in a sentence
 */
public record TargetBefore(RecoveryTarget target, String reason) {
    /**
     * Returns the target just before the first of several entries, such as the transactions of one migration.
     *
     * @param entries at least one
     * @return the target of the entry that comes first in the WAL
     * @throws IllegalArgumentException without an entry
     */
    public static TargetBefore first(Collection<HistoryEntry> entries) {
        return entries.stream()
                .min(Comparator.comparing(HistoryEntry::firstEffect))
                .orElseThrow(() -> new IllegalArgumentException("Cannot go before nothing: give at least one entry"))
                .before();
    }
}
