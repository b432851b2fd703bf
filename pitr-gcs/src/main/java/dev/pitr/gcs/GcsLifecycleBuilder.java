package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import dev.pitr.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is meant to become of a repository's objects as they age. Only WAL segments and backup parts are ever moved or
 * expired; all else stays as it is. Each intent is given once, in whole days. Used by one thread.
 *
 * <p>Moving is safe at any age: the store's cold classes are read without a thaw. What has moved costs more to read, and
 * is billed for the least time of its class even if the repository's retention deletes it before.
 */
public final class GcsLifecycleBuilder {
    /**
     * How much longer objects must live than the repository's retention says. To reach the start of its window a
     * repository needs a backup from before it, so this is the longest pause between two backups that does no harm.
     */
    private static final Duration MARGIN = Duration.ofDays(30);

    private final String folder;
    private @Nullable Move wal;
    private @Nullable Move backups;
    private @Nullable Duration expiry;
    private @Nullable Duration retention;
    private @Nullable Duration oldVersions;

    private record Move(GcsStorageClass target, Duration after) {}

    GcsLifecycleBuilder(String folder) {
        this.folder = folder;
    }

    /**
     * Moves WAL segments.
     *
     * @param target a colder class than {@link GcsStorageClass#STANDARD}
     * @param after at what age, in whole days
     * @return this
     */
    public GcsLifecycleBuilder moveWal(GcsStorageClass target, Duration after) {
        requireUnset("moveWal", wal);
        wal = move("moveWal", target, after);
        return this;
    }

    /**
     * Moves the parts of backups.
     *
     * @param target a colder class than {@link GcsStorageClass#STANDARD}
     * @param after at what age, in whole days
     * @return this
     */
    public GcsLifecycleBuilder moveBackups(GcsStorageClass target, Duration after) {
        requireUnset("moveBackups", backups);
        backups = move("moveBackups", target, after);
        return this;
    }

    /**
     * Deletes WAL segments and backup parts at an age at which the repository should long have deleted them: a safety net
     * for the day when its own retention has stopped running. It asks nobody: not whether a newer backup exists, nor
     * whether somebody holds this one.
     *
     * @param after at what age, in whole days
     * @param repositoryRetention how far back the repository's own retention lets a restore reach, as it is set there
     * @return this
     */
    public GcsLifecycleBuilder expireAfter(Duration after, Duration repositoryRetention) {
        requireUnset("expireAfter", expiry);
        expiry = wholeDays("expireAfter", after);
        retention = repositoryRetention;
        return this;
    }

    /**
     * Removes what was deleted or replaced, of any kind, in a bucket that keeps such versions.
     *
     * @param after for how long it can be brought back, in whole days
     * @return this
     */
    public GcsLifecycleBuilder removeOldVersionsAfter(Duration after) {
        requireUnset("removeOldVersionsAfter", oldVersions);
        oldVersions = wholeDays("removeOldVersionsAfter", after);
        return this;
    }

    /**
     * Works out the rules.
     *
     * @return the rules, not yet in force
     * @throws StorageException with the code {@code storage.lifecycle-conflict} if they would delete what the repository's
     *     own retention keeps
     * @throws IllegalArgumentException if nothing is meant to happen, or if it expires before it moves
     */
    public GcsLifecycle build() {
        List<GenericJson> rules = new ArrayList<>();
        if (wal != null) {
            rules.add(LifecycleRule.move(folder, LifecycleRule.SEGMENTS, wal.target, wal.after.toDays()));
        }
        if (backups != null) {
            rules.add(LifecycleRule.move(folder, LifecycleRule.PARTS, backups.target, backups.after.toDays()));
        }
        if (expiry != null && retention != null) {
            requireLongerThan(expiry, retention);
            requireAfterMoves(expiry);
            List<String> suffixes = new ArrayList<>(LifecycleRule.SEGMENTS);
            suffixes.addAll(LifecycleRule.PARTS);
            rules.add(LifecycleRule.expire(folder, suffixes, expiry.toDays()));
        }
        if (oldVersions != null) {
            rules.add(LifecycleRule.removeOldVersions(folder, oldVersions.toDays()));
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("Invalid lifecycle: nothing is moved, expired or removed");
        }
        return new GcsLifecycle(folder, rules);
    }

    private void requireLongerThan(Duration after, Duration kept) {
        Duration least = kept.plus(MARGIN);
        if (after.compareTo(least) < 0) {
            throw new StorageException(
                    "storage.lifecycle-conflict",
                    "Cannot expire objects of " + folder + " after " + after.toDays()
                            + " days: the repository keeps what"
                            + " reaches back " + kept.toDays() + " days, and needs a backup from before that. Expire"
                            + " after " + least.toDays() + " days at least, or not at all.",
                    null);
        }
    }

    private void requireAfterMoves(Duration after) {
        for (Move move : new Move[] {wal, backups}) {
            if (move != null && move.after.compareTo(after) >= 0) {
                throw new IllegalArgumentException("Invalid expireAfter " + after.toDays()
                        + " days: objects move only after " + move.after.toDays());
            }
        }
    }

    private static Move move(String option, GcsStorageClass target, Duration after) {
        if (target == GcsStorageClass.STANDARD) {
            throw new IllegalArgumentException("Invalid " + option + " to STANDARD: expected a colder class");
        }
        return new Move(target, wholeDays(option, after));
    }

    private static Duration wholeDays(String option, Duration value) {
        if (value.toDays() < 1 || !value.equals(Duration.ofDays(value.toDays()))) {
            throw new IllegalArgumentException("Invalid " + option + " " + value + ": expected whole days, 1 or more");
        }
        return value;
    }

    private static void requireUnset(String option, @Nullable Object value) {
        if (value != null) {
            throw new IllegalArgumentException("Invalid options: " + option + " is given twice");
        }
    }
}
