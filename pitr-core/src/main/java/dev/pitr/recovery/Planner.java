package dev.pitr.recovery;

import dev.pitr.catalog.Catalogue;

/** To come. */
final class Planner {
    Planner(Catalogue catalogue) {}

    RestorePlan plan(RestoreRequest request) {
        throw new UnsupportedOperationException();
    }
}
