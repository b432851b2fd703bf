package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under the file's name the repository holds other bytes. Neither side was touched. Two servers write to one repository,
 * or one was restored and went on under a timeline that exists already: find out which side is right before going on.
 */
public final class WalConflictException extends PitrException {
    private static final long serialVersionUID = 1L;

    /** In what the two files differ. */
    public enum Kind {
        /**
         * Up to the first difference both are equal, and from there on at least one of them holds no WAL: nothing but
         * zero bytes to the end of that page, and no later page that bears this segment's magic and its own address.
         * So the records of one are, as far as page headers and zero bytes tell, the beginning of the other's. Code
         * {@code archive.conflict.tail}.
         */
        OTHER_TAIL("archive.conflict.tail"),
        /** Both hold WAL from the first difference on: they are of two histories. Code {@code archive.conflict.records}. */
        OTHER_RECORDS("archive.conflict.records"),
        /** They are history or backup history files. Code {@code archive.conflict.text}. */
        OTHER_TEXT("archive.conflict.text");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }

    private final String fileName;
    private final Kind kind;
    private final long offset;
    private final @Nullable Long position;
    private final String archivedSha256;
    private final String offeredSha256;

    WalConflictException(WalComparison.Difference difference, String archivedSha256, String offeredSha256) {
        super(difference.kind().code, message(difference, archivedSha256, offeredSha256));
        this.fileName = difference.name().name();
        this.kind = difference.kind();
        this.offset = difference.offset();
        this.position = difference.position().map(Lsn::value).orElse(null);
        this.archivedSha256 = archivedSha256;
        this.offeredSha256 = offeredSha256;
    }

    private static String message(WalComparison.Difference difference, String archived, String offered) {
        return "Cannot archive " + difference.name().name() + ": the repository holds other bytes under this name. "
                + difference.describe() + " SHA-256 of the archived file is " + archived + ", of the offered one "
                + offered
                + ". Find out which server wrote the archived one; nothing was replaced.";
    }

    /**
     * Returns the name that both files have.
     *
     * @return the name, without any folder
     */
    public String fileName() {
        return fileName;
    }

    /**
     * Returns in what they differ.
     *
     * @return the kind of conflict
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns where they first differ.
     *
     * @return the offset in the file, in bytes
     */
    public long offset() {
        return offset;
    }

    /**
     * Returns where in the WAL they first differ.
     *
     * @return a position, empty for files that are no segments
     */
    public Optional<Lsn> position() {
        return Optional.ofNullable(position).map(Lsn::new);
    }

    /**
     * Returns the hash of the file in the repository.
     *
     * @return SHA-256 of its raw bytes, lower-case hex
     */
    public String archivedSha256() {
        return archivedSha256;
    }

    /**
     * Returns the hash of the file that was to be archived.
     *
     * @return SHA-256 of its bytes, lower-case hex
     */
    public String offeredSha256() {
        return offeredSha256;
    }
}
