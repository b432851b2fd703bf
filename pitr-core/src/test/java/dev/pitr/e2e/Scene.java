package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.catalog.Tablespace;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.RestoreExecutorBuilder;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A folder with room for servers and restores, and a repository: in the same folder, unless it has a site of its own. */
final class Scene {
    static final String SERVICE = "service";

    private final Path folder;
    private final Site site;
    private final Pitr pitr;

    Scene(Path folder) {
        this(folder, Site.folder(folder.resolve("repository")));
    }

    Scene(Path folder, Site site) {
        this.folder = folder;
        this.site = site;
        this.pitr = Pitr.at(site.storage(), SERVICE);
    }

    Pitr pitr() {
        return pitr;
    }

    Path folder() {
        return folder;
    }

    Site site() {
        return site;
    }

    /** The repository's files: the repository itself where that is a folder, else a copy made now. */
    Path repository() {
        return site.files();
    }

    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Describes a server whose finished WAL waits for {@link ArchivedServer}. */
    PostgresServer.Builder server(PostgresVersion version, Map<String, String> settings) {
        PostgresServer.Builder builder = PostgresServer.create(version, folder.resolve("original"));
        ArchivedServer.SETTINGS.forEach(builder::setting);
        settings.forEach(builder::setting);
        return builder;
    }

    /** Carries out a plan below a folder of its own, each tablespace into a folder that is named for it. */
    RestoreResult restore(RestorePlan plan, String name, Channel channel) {
        return restore(plan, name, channel, Map.of());
    }

    RestoreResult restore(RestorePlan plan, String name, Channel channel, Map<String, String> settings) {
        Path home = folder(name);
        RestoreExecutorBuilder builder =
                pitr.restore(plan, home.resolve("data")).jobs(2).wal(channel.delivery(site));
        settings.forEach(builder::setting);
        for (Tablespace tablespace : plan.backup().tablespaces()) {
            long oid = Integer.toUnsignedLong(tablespace.oid());
            builder.tablespace(oid, home.resolve("space-" + oid));
        }
        return builder.build().execute();
    }
}
