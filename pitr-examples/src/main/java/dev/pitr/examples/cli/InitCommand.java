package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.ClusterIdentity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pitr init}. */
@Command(
        name = "init",
        description = "Opens the repository for a server's cluster. Done once; doing it again changes nothing.")
final class InitCommand extends Subcommand {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(
            names = "--new-incarnation",
            description = "The service has a new cluster, after pg_upgrade or initdb. What was stored before stays.")
    private boolean newIncarnation;

    @Override
    public Integer call() {
        String url = server.url();
        Pitr pitr = repository().create();
        Incarnation opened = newIncarnation
                ? pitr.initNewIncarnation(url, server.properties())
                : pitr.init(url, server.properties());
        ClusterIdentity identity = opened.identity();
        output().print("Repository is open for " + identity, json -> {
            json.writeStringField("system-identifier", Long.toUnsignedString(identity.systemIdentifier()));
            json.writeNumberField("major-version", identity.version().major());
            json.writeNumberField("segment-size", identity.segmentSize().bytes());
        });
        return ExitCode.OK.status();
    }
}
