package dev.pitr.restore;

import dev.pitr.archive.PlannedWal;
import dev.pitr.archive.RestoreCommand;
import dev.pitr.archive.WalServer;
import dev.pitr.archive.WalSource;
import dev.pitr.archive.WalStager;
import dev.pitr.error.PitrException;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** WAL on its way to the restored server, in one of the three ways. */
final class WalSupply implements AutoCloseable {
    private final RestoreCommand command;
    private final String note;
    private final @Nullable WalServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WalSupply(RestoreCommand command, String note, @Nullable WalServer server) {
        this.command = command;
        this.note = note;
        this.server = server;
    }

    /** Lays out what has to lie on disk, and starts what has to run. */
    static WalSupply prepare(RestoreOptions options, TargetTree wal) {
        WalSource source = source(options);
        PlannedWal planned = planned(options.plan());
        // What the backup carries lies on this disk by now, where no program has to bring it.
        boolean isHere = options.plan().usesCarriedWal() && options.wal() instanceof WalDelivery.Command;
        if (isHere || options.wal() instanceof WalDelivery.Staged) {
            return staged(options, wal, source, planned);
        }
        if (options.wal() instanceof WalDelivery.Command command) {
            return program(command, options, wal, planned);
        }
        return served(wal, source, planned);
    }

    private static PlannedWal planned(RestorePlan plan) {
        PlannedWal planned = PlannedWal.of(plan.walFiles());
        return plan.isOpenEnded() ? planned.openEnded() : planned;
    }

    /** Where the plan's WAL is read from. */
    static WalSource source(RestoreOptions options) {
        WalSource archive = WalSource.of(options.incarnation().wal());
        return options.plan().usesCarriedWal()
                ? WalSource.of(options.walFolder().resolve(CarriedWalFiles.FOLDER))
                        .orElse(archive)
                : archive;
    }

    private static WalSupply served(TargetTree wal, WalSource source, PlannedWal planned) {
        wal.createFolder("served", TargetTree.Access.OWNER);
        WalServer server =
                WalServer.builder(wal.resolve("served"), source, planned).start();
        return new WalSupply(
                server.command(), "WAL:    served by this process, which must live until recovery has ended", server);
    }

    private static WalSupply staged(RestoreOptions options, TargetTree wal, WalSource source, PlannedWal planned) {
        wal.createFolder("staged", TargetTree.Access.OWNER);
        Path folder = wal.resolve("staged");
        removeUnplanned(folder, planned);
        ExecutorService executor = Executors.newFixedThreadPool(options.jobs());
        try {
            RestoreCommand command = WalStager.builder(folder, source, planned)
                    .parallel(executor, options.jobs())
                    .progress(options.progress())
                    .build()
                    .stage();
            give(options, folder);
            return new WalSupply(command, "WAL:    staged in " + folder + ", to be removed after recovery", null);
        } finally {
            executor.shutdownNow();
        }
    }

    /** An interrupted run with another plan may have staged more: the server must not get that. */
    private static void removeUnplanned(Path folder, PlannedWal planned) {
        Set<String> names = planned.files().stream().map(WalFileName::name).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!names.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw TargetErrors.of("empty", folder, e);
        }
    }

    private static void give(RestoreOptions options, Path folder) {
        if (options.owner().isPresent()) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    options.owner().get().apply(file);
                }
            } catch (IOException e) {
                throw TargetErrors.of("give away", folder, e);
            }
        }
    }

    private static WalSupply program(
            WalDelivery.Command delivery, RestoreOptions options, TargetTree wal, PlannedWal planned) {
        Path names = wal.resolve("planned-names");
        planned.writeNames(names);
        TreeSync.force(names);
        give(options, wal.root());
        return new WalSupply(
                RestoreCommand.program(delivery.program(), planned, names),
                "WAL:    brought by a program; " + names + " is needed until recovery has ended",
                null);
    }

    String restoreCommand() {
        return command.line();
    }

    String note() {
        return note;
    }

    Optional<String> lastFault() {
        return server == null ? Optional.empty() : server.lastFault().map(PitrException::getMessage);
    }

    @Override
    public void close() {
        if (server != null && closed.compareAndSet(false, true)) {
            server.close();
        }
    }
}
