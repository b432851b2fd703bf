package dev.pitr.archive;

import dev.pitr.error.PitrException;

/**
 * A file is not what may be archived under its name in this repository. Nothing was stored. The code is that of the
 * {@linkplain #reason() reason}.
 */
public final class WalRejectedException extends PitrException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the file. */
    public enum Reason {
        /** Its name is none that a server of this cluster archives. Code {@code archive.name}. */
        NAME("archive.name"),
        /** It is shorter than it must be. Code {@code archive.truncated}. */
        TRUNCATED("archive.truncated"),
        /** It is longer than a segment. Code {@code archive.too-long}. */
        TOO_LONG("archive.too-long"),
        /** Its content is not of the kind that its name says. Code {@code archive.format}. */
        FORMAT("archive.format"),
        /** It was written by another major version. Code {@code archive.other-version}. */
        OTHER_VERSION("archive.other-version"),
        /** It belongs to a cluster with another system identifier. Code {@code archive.other-cluster}. */
        OTHER_CLUSTER("archive.other-cluster"),
        /** It is a segment of another size. Code {@code archive.segment-size}. */
        SEGMENT_SIZE("archive.segment-size"),
        /** It begins on a timeline later than that of its name. Code {@code archive.timeline}. */
        TIMELINE("archive.timeline"),
        /** Its content belongs at another position than its name says. Code {@code archive.position}. */
        POSITION("archive.position");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }

    private final Reason reason;

    WalRejectedException(Reason reason, String fileName, String detail) {
        super(reason.code, "Cannot archive " + fileName + ": " + detail);
        this.reason = reason;
    }

    /**
     * Returns what is wrong with the file.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
