package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.RestoreExecutor;
import dev.pitr.restore.RestoreExecutorBuilder;
import dev.pitr.restore.RestoreResult;
import dev.pitr.restore.WalDelivery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pitr restore}. */
@Command(
        name = "restore",
        description = {
            "Restores into a new data directory, ready for a server to start on.",
            "Run again after an interruption, it goes on where it was."
        })
final class RestoreCommand extends Subcommand {
    @Mixin
    private final TargetOptions target = new TargetOptions();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "The new data directory, absent or empty.")
    private Path to = Path.of("");

    @Option(
            names = "--tablespace",
            paramLabel = "OID=DIR",
            description = "Where a tablespace goes. Default: DIR-tablespaces/OID beside the data directory.")
    private Map<Long, Path> tablespaces = Map.of();

    @Option(names = "--jobs", paramLabel = "N", description = "Parts fetched and unpacked at once.")
    private @Nullable Integer jobs;

    @Option(
            names = "--wal",
            paramLabel = "staged|command",
            description = {
                "How the server gets its WAL. staged (the default): all of it is laid into DIR-wal beforehand.",
                "command: the server runs this program for each file."
            })
    private WalChoice wal = WalChoice.staged;

    @Option(
            names = "--server-bin",
            paramLabel = "DIR",
            description = "The folder of the postgres program, to be checked.")
    private @Nullable Path serverBin;

    @Option(names = "--owner", paramLabel = "USER", description = "Who shall own the files, when run as root.")
    private @Nullable String owner;

    @Option(names = "--setting", paramLabel = "NAME=VALUE", description = "A setting for postgresql.auto.conf.")
    private Map<String, String> settings = Map.of();

    /** The channels that work when this program has ended. */
    enum WalChoice {
        staged,
        command
    }

    @Override
    public Integer call() {
        Pitr pitr = repository().open();
        RestorePlan plan = target.plan(pitr);
        try (ProgressBar bar = ProgressBar.onTerminal();
                RestoreResult result = restore(pitr, plan, bar).execute()) {
            output().print(result.describe(), json -> {
                json.writeStringField("data-directory", result.dataDirectory().toString());
                json.writeStringField("backup", plan.backup().id());
                json.writeObjectFieldStart("tablespaces");
                for (Map.Entry<Long, Path> tablespace : result.tablespaces().entrySet()) {
                    json.writeStringField(
                            tablespace.getKey().toString(),
                            tablespace.getValue().toString());
                }
                json.writeEndObject();
                json.writeStringField("start-command", result.startCommand());
                json.writeArrayFieldStart("warnings");
                for (String warning : result.warnings()) {
                    json.writeString(warning);
                }
                json.writeEndArray();
            });
        }
        return ExitCode.OK.status();
    }

    private RestoreExecutor restore(Pitr pitr, RestorePlan plan, ProgressBar bar) {
        Path directory = to.toAbsolutePath();
        RestoreExecutorBuilder restore = pitr.restore(plan, directory).progress(bar);
        tablespaces.forEach(restore::tablespace);
        settings.forEach(restore::setting);
        if (jobs != null) {
            restore.jobs(jobs);
        }
        if (serverBin != null) {
            restore.serverBinaries(serverBin);
        }
        if (owner != null) {
            restore.owner(owner);
        }
        return restore.wal(delivery()).build();
    }

    private WalDelivery delivery() {
        if (wal == WalChoice.staged) {
            return new WalDelivery.Staged();
        }
        List<String> fetch = new ArrayList<>(ThisProgram.words());
        fetch.addAll(List.of(
                RepositoryOptions.REPOSITORY,
                repository().repository(),
                RepositoryOptions.CLUSTER,
                repository().cluster(),
                "fetch"));
        return new WalDelivery.Command(fetch);
    }
}
