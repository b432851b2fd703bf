package dev.pitr.repository;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which clusters a repository is open for, in which order: one object for each opening, numbered from 1. The number is
 * taken by create-if-absent, so racing openings get different numbers, and everybody sees the same order.
 */
final class Ordinals {
    private static final int MAX_ATTEMPTS = 100;

    private final RepositorySettings settings;
    private final ObjectKey root;

    Ordinals(RepositorySettings settings, ObjectKey root) {
        this.settings = settings;
        this.root = root;
    }

    /** The clusters in the order of their last opening, each once. */
    List<ClusterIdentity> read() {
        return inOrder(entries());
    }

    private static List<ClusterIdentity> inOrder(SortedMap<Long, ClusterIdentity> entries) {
        List<ClusterIdentity> result = new ArrayList<>();
        for (ClusterIdentity identity : entries.values()) {
            result.remove(identity);
            result.add(identity);
        }
        return result;
    }

    private SortedMap<Long, ClusterIdentity> entries() {
        String folder = RepositoryLayout.ordinals(root);
        SortedMap<Long, ClusterIdentity> entries = new TreeMap<>();
        try (Stream<ObjectInfo> objects = settings.storage().list(folder, "")) {
            objects.map(ObjectInfo::key)
                    .filter(key -> key.value().substring(folder.length()).matches("[0-9]{8}\\.json"))
                    .forEach(key -> entries.put(
                            Long.parseLong(key.value(), folder.length(), folder.length() + 8, 10),
                            IdentityJson.read(StoredJson.read(settings.storage(), key))));
        }
        return entries;
    }

    /** Takes the first number if the repository was never opened; returns the clusters that it is open for then. */
    List<ClusterIdentity> appendFirst(ClusterIdentity identity) {
        SortedMap<Long, ClusterIdentity> entries = entries();
        if (entries.isEmpty()) {
            tryAppend(1, identity);
            entries = entries();
        }
        return inOrder(entries);
    }

    /** Takes the next number, unless the cluster has the last one. */
    void append(ClusterIdentity identity) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            SortedMap<Long, ClusterIdentity> entries = entries();
            if (!entries.isEmpty() && identity.equals(entries.get(entries.lastKey()))) {
                return;
            }
            if (tryAppend(entries.isEmpty() ? 1 : entries.lastKey() + 1, identity)) {
                return;
            }
        }
        throw new RepositoryException(
                "repository.contended",
                "Cannot add " + identity + " to repository " + root + ": others took the next number " + MAX_ATTEMPTS
                        + " times. Stop the other jobs that add incarnations, then try again.",
                null);
    }

    /** False if the number may be somebody else's: the caller looks who has it. */
    private boolean tryAppend(long number, ClusterIdentity identity) {
        byte[] json = SealedJson.write(out -> {
            FormatVersion.write(out);
            IdentityJson.write(out, identity);
            out.writeStringField("opened-at", Instant.now(settings.clock()).toString());
        });
        try {
            settings.storage().createIfAbsent(RepositoryLayout.ordinal(root, number), Content.of(json));
            return true;
        } catch (ObjectExistsException | UnknownOutcomeException e) {
            return false;
        }
    }
}
