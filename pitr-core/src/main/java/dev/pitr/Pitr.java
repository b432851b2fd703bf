package dev.pitr;

/** One handle for one repository. */
public final class Pitr {
    private Pitr() {}
}
