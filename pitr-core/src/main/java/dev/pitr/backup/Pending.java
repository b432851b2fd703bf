package dev.pitr.backup;

/** Holds the package open until its first type lands. */
final class Pending {
    private Pending() {}
}
