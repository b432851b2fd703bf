package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.catalog.Tablespace;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.RestoreExecutorBuilder;
import dev.pitr.restore.RestoreResult;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A folder with a repository in it, and room for servers and restores. */
final class Scene {
    static final String SERVICE = "service";

    private final Path folder;
    private final Pitr pitr;

    Scene(Path folder) {
        this.folder = folder;
        this.pitr = Pitr.at(FileSystemStorage.create(repository()), SERVICE);
    }

    Pitr pitr() {
        return pitr;
    }

    Path repository() {
        return folder.resolve("repository");
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
                pitr.restore(plan, home.resolve("data")).jobs(2).wal(channel.delivery(repository()));
        settings.forEach(builder::setting);
        for (Tablespace tablespace : plan.backup().tablespaces()) {
            long oid = Integer.toUnsignedLong(tablespace.oid());
            builder.tablespace(oid, home.resolve("space-" + oid));
        }
        return builder.build().execute();
    }
}
