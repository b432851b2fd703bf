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
        NAME("archive.name", Advice.NAME),
        /** It is shorter than it must be. Code {@code archive.truncated}. */
        TRUNCATED("archive.truncated", Advice.FILE),
        /** It is longer than a segment. Code {@code archive.too-long}. */
        TOO_LONG("archive.too-long", Advice.FILE),
        /** Its content is not of the kind that its name says. Code {@code archive.format}. */
        FORMAT("archive.format", Advice.FILE),
        /** It was written by another major version. Code {@code archive.other-version}. */
        OTHER_VERSION("archive.other-version", Advice.REPOSITORY),
        /** It belongs to a cluster with another system identifier. Code {@code archive.other-cluster}. */
        OTHER_CLUSTER("archive.other-cluster", Advice.REPOSITORY),
        /** It is a segment of another size. Code {@code archive.segment-size}. */
        SEGMENT_SIZE("archive.segment-size", Advice.REPOSITORY),
        /** It begins on a timeline later than that of its name. Code {@code archive.timeline}. */
        TIMELINE("archive.timeline", Advice.FILE),
        /** Its content belongs at another position than its name says. Code {@code archive.position}. */
        POSITION("archive.position", Advice.FILE),
        /** Its records end before the segment does: the rest was not written. Code {@code archive.unfinished}. */
        UNFINISHED("archive.unfinished", Advice.RECORDS),
        /** A record or page inside it is damaged. Code {@code archive.damaged}. */
        DAMAGED("archive.damaged", Advice.RECORDS);

        private final String code;
        private final String advice;

        Reason(String code, String advice) {
            this.code = code;
            this.advice = advice;
        }
    }

    /** What to do about it. */
    private static final class Advice {
        static final String NAME = "Archive files of pg_wal, under the names that the server gave them";
        static final String FILE = "It is damaged or was renamed: look at the server's log and disk";
        static final String RECORDS = "No replay can go past this point: look at the server's log and disk. If it must"
                + " be archived so that the server can go on, allow it with the option for damaged segments, and take a"
                + " new backup at once";
        static final String REPOSITORY =
                "Check which repository this server archives to; after pg_upgrade or initdb, open a new incarnation";
    }

    private final Reason reason;

    WalRejectedException(Reason reason, String fileName, String detail) {
        super(reason.code, "Cannot archive " + fileName + ": " + detail + ". " + reason.advice);
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
