package dev.pitr.restore;

import dev.pitr.catalog.Backup;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.Codec;
import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a restore, in the order that keeps an interrupted one harmless: the control file comes last. */
final class RestoreRun {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreRun.class);
    private static final int NAMES_SHOWN = 5;

    private final RestoreOptions options;
    private final Targets targets;
    private final Access access;
    private final List<RestoreMarker> markers = new ArrayList<>();

    RestoreRun(RestoreOptions options) {
        this.options = options;
        this.targets = options.targets();
        this.access = accessOf(options.backup());
    }

    private static Access accessOf(Backup backup) {
        String mode = backup.settings().getOrDefault("data_directory_mode", "0700");
        return mode.endsWith("750") ? Access.GROUP : Access.OWNER;
    }

    RestoreResult run() {
        TargetState before = TargetState.look(options);
        Preflight preflight = PreflightChecks.run(options, before);
        requireClear(preflight);
        createRoots();
        try (RestoreMarker marker = new RestoreMarker(options.target())) {
            marker.lock();
            TargetState state = TargetState.look(options);
            requireClear(new Preflight(state.findings(), state.resumes()));
            return restore(preflight, state);
        }
    }

    private static void requireClear(Preflight preflight) {
        preflight.findings().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .findFirst()
                .ifPresent(first -> {
                    throw new RestoreException(first.code(), preflight.describeErrors());
                });
    }

    private RestoreResult restore(Preflight preflight, TargetState state) {
        LOG.info("Restoring backup {} into {}", options.backup().id(), options.target());
        markers.forEach(marker -> marker.writeNote(options.note()));
        takeControlFileAway();
        ManifestIndex manifest = readManifest();
        targets.data().createFolder("global", access);
        unpack(manifest, state.resumes());
        requireAllFiles(manifest);
        new SegmentsAtForks(targets.data(), access, WalSupply.source(options))
                .lay(options.plan().history(), options.plan().segments());
        WalSupply supply = WalSupply.prepare(options, targets.wal());
        try {
            Configuration configuration = Configuration.write(options, targets, access, supply.restoreCommand());
            makeDurable();
            finish();
            LOG.info("Restored backup {} into {}", options.backup().id(), options.target());
            return RestoreResult.of(options, preflight, configuration, supply);
        } catch (RuntimeException e) {
            supply.close();
            throw e;
        }
    }

    private ManifestIndex readManifest() {
        try (InputStream manifest = options.incarnation().backups().openManifest(options.backup())) {
            return ManifestIndex.read(manifest);
        } catch (IOException e) {
            throw VerifiedFrames.damaged("manifest.json.zst", "it can't be read (" + e.getMessage() + ")", e);
        }
    }

    private void createRoots() {
        List<TargetTree> trees = new ArrayList<>(targets.trees());
        trees.add(targets.wal());
        for (TargetTree tree : trees) {
            tree.createRoot(access);
            tree.createFolder(MemberName.RESTORE_FOLDER, Access.OWNER);
            markers.add(new RestoreMarker(tree.root()));
        }
    }

    /** A run that was interrupted after its last step but one has put it in place already. */
    private void takeControlFileAway() {
        Path control = targets.data().resolve(ManifestFiles.CONTROL_FILE);
        if (Files.exists(control, LinkOption.NOFOLLOW_LINKS)) {
            move(control, targets.data().resolve(ManifestFiles.STAGED_CONTROL_FILE));
            TreeSync.force(parentOf(control));
        }
    }

    private void unpack(ManifestIndex manifest, boolean resumes) {
        Codec codec = Codec.parse(options.backup().compression());
        PartUnpacker unpacker = new PartUnpacker(manifest, targets, codec::decompress);
        WholeParts wholeParts = new WholeParts(manifest, targets);
        Meter meter = new Meter(options.progress(), "restoring files", totalBytes(codec));
        Parallel.<BackupPart>forEach(
                options.jobs(), parts -> options.incarnation().backups().readParts(options.backup(), parts), part -> {
                    if (CarriedWalFiles.isCarriedWal(part) && !options.plan().usesCarriedWal()) {
                        return;
                    }
                    if (resumes && wholeParts.claimIfWhole(part)) {
                        LOG.debug("Part {} is in place already", part.name());
                        meter.add(part.storedSizeBytes());
                    } else {
                        unpacker.unpack(part, new MeteredStream(open(part), meter));
                    }
                });
        meter.finish();
    }

    private InputStream open(BackupPart part) {
        return options.incarnation().backups().open(options.backup(), part.name(), 0, part.storedSizeBytes());
    }

    private OptionalLong totalBytes(Codec codec) {
        return OptionalLong.of(options.backup().objects().stream()
                .filter(object -> object.name().endsWith(codec.partSuffix()))
                .filter(object -> options.plan().usesCarriedWal() || !CarriedWalFiles.isCarriedWal(object.name()))
                .mapToLong(Backup.StoredObject::sizeBytes)
                .sum());
    }

    private void requireAllFiles(ManifestIndex manifest) {
        int missing = manifest.unclaimedCount();
        if (missing > 0) {
            throw new RestoreException(
                    "restore.missing-file",
                    "Cannot restore backup " + options.backup().id() + ": its parts lack " + missing
                            + " files that its manifest lists, such as "
                            + String.join(", ", manifest.unclaimed(NAMES_SHOWN))
                            + ". The backup is damaged: restore from another one.");
        }
    }

    private void makeDurable() {
        Meter meter = new Meter(options.progress(), "making files durable", OptionalLong.empty());
        targets.trees().forEach(tree -> TreeSync.sync(tree.root()));
        meter.finish();
    }

    /** From here on a server can start. */
    private void finish() {
        Path control = targets.data().resolve(ManifestFiles.CONTROL_FILE);
        move(targets.data().resolve(ManifestFiles.STAGED_CONTROL_FILE), control);
        TreeSync.force(parentOf(control));
        for (int i = markers.size() - 1; i >= 0; i--) {
            markers.get(i).remove();
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw TargetErrors.of("create", to, e);
        }
    }

    private static Path parentOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " has no parent");
        }
        return parent;
    }
}
