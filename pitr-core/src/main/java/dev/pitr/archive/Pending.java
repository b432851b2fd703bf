package dev.pitr.archive;

/** Holds the package open until its first type lands. */
final class Pending {
    private Pending() {}
}
