package dev.pitr.repository;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.Unreadable;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One cluster's part of a repository. Thread-safe. */
public final class Incarnation {
    /** A history has a line for each ancestor; more than this is none. */
    private static final int MAX_HISTORY_BYTES = 16 << 20;

    private final RepositorySettings settings;
    private final ObjectKey folder;
    private final ClusterIdentity identity;
    private final WalStore wal;
    private final BackupStore backups;

    Incarnation(RepositorySettings settings, ObjectKey folder, ClusterIdentity identity) {
        this.settings = settings;
        this.folder = folder;
        this.identity = identity;
        this.wal = new WalStore(settings, folder, identity);
        this.backups = new BackupStore(settings, folder, identity);
    }

    /**
     * Returns whose it is.
     *
     * @return the cluster
     */
    public ClusterIdentity identity() {
        return identity;
    }

    /**
     * Returns the archived WAL files.
     *
     * @return their store
     */
    public WalStore wal() {
        return wal;
    }

    /**
     * Returns the base backups.
     *
     * @return their store
     */
    public BackupStore backups() {
        return backups;
    }

    /**
     * Returns the index of the archived WAL, with what was built of it so far.
     *
     * @return a new view of it; nothing is read yet
     */
    public StoredWalIndex index() {
        return new StoredWalIndex(
                wal, new IndexPages(settings.storage(), folder, identity), new SegmentSummaries(wal, identity));
    }

    /**
     * Reads what exists now: backups by their records, WAL by listing, histories by reading them. What is damaged hides
     * nothing else and is told in {@link Catalogue#unreadable()}.
     *
     * @return the catalogue
     * @throws dev.pitr.storage.StorageException if the storage fails; an object that is damaged is no such failure
     */
    public Catalogue catalogue() {
        return catalogue(WalListing.read(settings.storage(), folder, identity));
    }

    /**
     * Reads what exists as {@link #catalogue()} does, but takes from an index which segments are there, as far as it has
     * complete pages, and lists only the others: so it is fast with any number of segments. Those in the index were there
     * when their page was written; that they still are must be proven, for what is to be restored, by
     * {@link WalStore#coverage(dev.pitr.wal.WalSegment, dev.pitr.wal.WalSegment)}.
     *
     * @param index an index of this incarnation
     * @return the catalogue
     * @throws dev.pitr.storage.StorageException if the storage fails
     */
    public Catalogue catalogue(StoredWalIndex index) {
        return catalogue(WalListing.read(settings.storage(), folder, identity, index.view()));
    }

    private Catalogue catalogue(WalListing listing) {
        Catalogue.Builder catalogue = Catalogue.builder(identity).wal(listing.coverage());
        listing.partials().forEach(catalogue::partial);
        listing.histories().forEach(timeline -> addHistory(catalogue, timeline));
        BackupStore.Listing found = backups.list();
        found.backups().forEach(catalogue::backup);
        found.unreadable().forEach(catalogue::unreadable);
        return catalogue.build();
    }

    private void addHistory(Catalogue.Builder catalogue, TimelineId timeline) {
        WalFileName file = new WalFileName.History(timeline);
        try (InputStream in = wal.open(file)) {
            String text = new String(in.readNBytes(MAX_HISTORY_BYTES), StandardCharsets.UTF_8);
            catalogue.history(TimelineHistory.parse(timeline, text));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file.name(), e);
        } catch (PitrException e) {
            Damage.requireDamage(e);
            catalogue.unreadable(
                    Damage.of(Unreadable.Kind.TIMELINE_HISTORY, RepositoryLayout.walFile(folder, file), e));
        }
    }

    @Override
    public String toString() {
        return folder + " in " + settings.storage().description();
    }
}
