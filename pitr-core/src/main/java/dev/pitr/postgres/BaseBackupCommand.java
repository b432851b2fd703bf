package dev.pitr.postgres;

import dev.pitr.wal.PostgresVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of the {@code BASE_BACKUP} command: a list of words up to PostgreSQL 14, named options in parentheses since
 * ({@code replication/repl_gram.y}).
 */
final class BaseBackupCommand {
    private BaseBackupCommand() {}

    static String text(BaseBackupOptions options, PostgresVersion version) {
        return version.isAtLeast(PostgresVersion.V15) ? named(options) : words(options);
    }

    private static String named(BaseBackupOptions options) {
        List<String> parts = new ArrayList<>();
        parts.add("LABEL " + quote(options.label()));
        parts.add("PROGRESS true");
        parts.add("CHECKPOINT " + (options.checkpoint() == CheckpointPace.FAST ? "'fast'" : "'spread'"));
        parts.add("WAIT false");
        parts.add("MANIFEST 'yes'");
        parts.add("MANIFEST_CHECKSUMS " + quote(options.manifestChecksum().name()));
        parts.add("TABLESPACE_MAP true");
        options.maxRateKibibytesPerSecond().ifPresent(rate -> parts.add("MAX_RATE " + rate));
        if (!options.verifiesPageChecksums()) {
            parts.add("VERIFY_CHECKSUMS false");
        }
        if (options.includesWal()) {
            parts.add("WAL true");
        }
        return "BASE_BACKUP (" + String.join(", ", parts) + ")";
    }

    private static String words(BaseBackupOptions options) {
        List<String> parts = new ArrayList<>();
        parts.add("BASE_BACKUP LABEL " + quote(options.label()) + " PROGRESS");
        if (options.checkpoint() == CheckpointPace.FAST) {
            parts.add("FAST");
        }
        parts.add("NOWAIT MANIFEST 'yes' MANIFEST_CHECKSUMS "
                + quote(options.manifestChecksum().name()) + " TABLESPACE_MAP");
        options.maxRateKibibytesPerSecond().ifPresent(rate -> parts.add("MAX_RATE " + rate));
        if (!options.verifiesPageChecksums()) {
            parts.add("NOVERIFY_CHECKSUMS");
        }
        if (options.includesWal()) {
            parts.add("WAL");
        }
        return String.join(" ", parts);
    }

    /** The walsender's grammar knows doubled quotes and no backslash escapes. */
    private static String quote(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
