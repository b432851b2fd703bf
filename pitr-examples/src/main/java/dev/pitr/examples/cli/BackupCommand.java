package dev.pitr.examples.cli;

import dev.pitr.backup.BaseBackup;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.backup.BaseBackupResult;
import dev.pitr.catalog.Backup;
import dev.pitr.postgres.CheckpointPace;
import dev.pitr.repository.Codec;
import dev.pitr.wal.WalFileName;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pitr backup}. */
@Command(name = "backup", description = "Takes a full base backup of a running server, primary or standby.")
final class BackupCommand extends Subcommand {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = "zstd, zstd:LEVEL, gzip, gzip:LEVEL or none. Default: zstd:3.")
    private String compression = "zstd:3";

    @Option(names = "--jobs", paramLabel = "N", description = "Threads that compress. Default: processors, at most 4.")
    private @Nullable Integer jobs;

    @Option(names = "--max-rate", paramLabel = "SIZE", description = "Bytes a second at most, such as 50M.")
    private @Nullable String maxRate;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            description = "Text to know the backup by. Default: pitr base backup.")
    private @Nullable String label;

    @Option(names = "--spread-checkpoint", description = "Start gently instead of at once.")
    private boolean spreadCheckpoint;

    @Option(names = "--carry-wal", description = "Store the WAL with the backup, so that it can be restored alone.")
    private boolean carryWal;

    @Option(names = "--skip-page-checksums", description = "Back up a damaged cluster, as far as it can be read.")
    private boolean skipPageChecksums;

    @Option(
            names = "--wait-for-wal",
            paramLabel = "SECONDS",
            description = "How long to wait until the WAL that the backup needs is archived. Default: 60.")
    private @Nullable Integer waitForWal;

    @Override
    public Integer call() {
        try (ProgressBar bar = ProgressBar.onTerminal()) {
            BaseBackupResult result = backup(bar).run();
            output().print(text(result), json -> {
                Backup backup = result.backup();
                json.writeStringField("id", backup.id());
                json.writeStringField("start-lsn", backup.startLsn().toString());
                json.writeStringField("stop-lsn", backup.stopLsn().toString());
                json.writeNumberField("timeline", backup.stopTimeline().value());
                json.writeNumberField("raw-size-bytes", backup.rawSizeBytes());
                json.writeNumberField("stored-size-bytes", backup.storedSizeBytes());
                json.writeBooleanField("restorable", result.isRestorable());
                json.writeArrayFieldStart("missing-wal");
                for (WalFileName name : result.missingWal()) {
                    json.writeString(name.name());
                }
                json.writeEndArray();
            });
            return (result.isRestorable() ? ExitCode.OK : ExitCode.INCOMPLETE).status();
        }
    }

    private BaseBackup backup(ProgressBar bar) {
        BaseBackupBuilder backup = repository()
                .open()
                .backup(server.url(), server.properties())
                .codec(Codec.parse(compression))
                .progress(bar);
        if (jobs != null) {
            backup.jobs(jobs);
        }
        if (maxRate != null) {
            backup.maxRate(Sizes.parse(maxRate));
        }
        if (label != null) {
            backup.label(label);
        }
        if (spreadCheckpoint) {
            backup.checkpoint(CheckpointPace.SPREAD);
        }
        if (carryWal) {
            backup.carryWal();
        }
        if (skipPageChecksums) {
            backup.skipPageChecksums();
        }
        if (waitForWal != null) {
            backup.waitForWal(Duration.ofSeconds(waitForWal));
        }
        return backup.build();
    }

    private static String text(BaseBackupResult result) {
        Backup backup = result.backup();
        String text = "Backup " + backup.id() + ": " + Sizes.print(backup.rawSizeBytes()) + " in " + backup.fileCount()
                + " files, stored in " + Sizes.print(backup.storedSizeBytes()) + ", consistent at " + backup.stopLsn();
        if (result.isRestorable()) {
            return text;
        }
        return text + System.lineSeparator()
                + "It can't be restored yet. Still to be archived: "
                + result.missingWal().stream().map(WalFileName::name).collect(Collectors.joining(", "))
                + ". Look at archive_command and pg_stat_archiver on the server; the backup is kept.";
    }
}
