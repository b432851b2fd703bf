package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket is to do with a repository's objects by itself, as they age: move them to a colder class, forget what was
 * replaced or left half uploaded, and as a safety net, expire what the repository's own retention should have deleted
 * long before. Immutable.
 *
 * <p>Rules tell objects apart by the tag {@code pitr-kind}, so the store needs {@link S3StorageBuilder#kindTags}. They
 * can't contradict the repository: only WAL and the data of backups are ever moved or expired, never a record, an index
 * or a timeline's history; nothing expires before the repository's own retention, with a month to spare. What somebody
 * holds for longer than that isn't known here: let nothing expire where holds are used.
 *
 * <p>{@link #json()} shows the rules; {@link S3Storage#applyLifecycle} sets them.
 */
public final class S3Lifecycle {
    private static final Set<ObjectKind> AGING = Set.of(ObjectKind.WAL, ObjectKind.BACKUP_DATA);
    private static final Set<String> INFREQUENT = Set.of("STANDARD_IA", "ONEZONE_IA");
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");
    private static final long INFREQUENT_FROM_DAYS = 30;
    private static final long MARGIN_DAYS = 30;

    private final List<AgingRule> rules;

    private S3Lifecycle(List<AgingRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Starts with no rule at all.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    List<AgingRule> rules() {
        return rules;
    }

    /**
     * Returns the rules for a store that takes the whole bucket, as {@code aws s3api
     * put-bucket-lifecycle-configuration} reads them.
     *
     * @return indented JSON
     */
    public String json() {
        return json("");
    }

    /**
     * Returns the rules for a store with a prefix.
     *
     * @param prefix as of {@link S3StorageBuilder#prefix}; empty for the whole bucket
     * @return indented JSON
     */
    public String json(String prefix) {
        return LifecycleJson.write(rules, S3Place.of("bucket", prefix.isEmpty() ? null : prefix));
    }

    @Override
    public String toString() {
        return json();
    }

    /** Says what is to become of objects. An option that is set twice fails. Used by one thread. */
    public static final class Builder {
        private final Map<ObjectKind, AgingRule> cold = new EnumMap<>(ObjectKind.class);
        private @Nullable Long expireDays;
        private @Nullable Long abortDays;
        private @Nullable Long noncurrentDays;
        private boolean slowReadsAllowed;

        private Builder() {}

        /**
         * Moves objects of a kind to a colder class once they are old enough.
         *
         * @param kind {@link ObjectKind#WAL} or {@link ObjectKind#BACKUP_DATA}
         * @param age whole days, 1 or more; 30 or more for the infrequent-access classes
         * @param storageClass such as {@code STANDARD_IA}, {@code GLACIER_IR}; for {@code GLACIER} and
         *     {@code DEEP_ARCHIVE} see {@link #allowSlowReads()}
         * @return this
         * @throws StorageException with the code {@code storage.unsafe-lifecycle} for another kind
         */
        public Builder cold(ObjectKind kind, Duration age, String storageClass) {
            if (!AGING.contains(kind)) {
                throw unsafe(
                        "move objects of the kind " + kind.label() + " to " + storageClass,
                        "they are small and read by every plan, and must stay at hand");
            }
            long days = days(age, "the age at which " + kind.label() + " is moved");
            if (INFREQUENT.contains(storageClass) && days < INFREQUENT_FROM_DAYS) {
                throw new IllegalArgumentException("Cannot move objects to " + storageClass + " after " + days
                        + " days: S3 takes them from " + INFREQUENT_FROM_DAYS + " days on");
            }
            if (cold.put(kind, AgingRule.move(kind, days, storageClass)) != null) {
                throw new IllegalStateException("cold for " + kind.label() + " is set twice");
            }
            return this;
        }

        /**
         * Lets objects be moved to {@code GLACIER} and {@code DEEP_ARCHIVE}, from where they must be restored, by hours,
         * before pitr can read them. A restore, and a repeated push of an old segment, fail until then.
         *
         * @return this
         */
        public Builder allowSlowReads() {
            slowReadsAllowed = true;
            return this;
        }

        /**
         * Expires WAL and the data of backups at an age that the repository's own retention never lets them reach.
         *
         * @param age whole days, at least 30 more than {@code retention}
         * @param retention how old anything grows that the repository keeps: its recovery window and the longest time
         *     between two backups
         * @return this
         * @throws StorageException with the code {@code storage.unsafe-lifecycle} if it comes too close
         */
        public Builder expire(Duration age, Duration retention) {
            if (expireDays != null) {
                throw new IllegalStateException("expire is set twice");
            }
            long days = days(age, "the age at which objects expire");
            long least = days(retention.plusDays(1).minusNanos(1), "the retention") + MARGIN_DAYS;
            if (days < least) {
                throw unsafe(
                        "expire objects after " + days + " days",
                        "the repository keeps some for " + (least - MARGIN_DAYS) + " days; a safety net must leave "
                                + MARGIN_DAYS + " more: set " + least + " or more");
            }
            expireDays = days;
            return this;
        }

        /**
         * Removes what an upload that was never finished has left, as
         * {@link dev.pitr.storage.ObjectStorage#removeAbandonedUploads} does.
         *
         * @param age whole days, more than the longest upload takes, 1 or more
         * @return this
         */
        public Builder abortUploads(Duration age) {
            if (abortDays != null) {
                throw new IllegalStateException("abortUploads is set twice");
            }
            abortDays = days(age, "the age at which uploads are aborted");
            return this;
        }

        /**
         * Forgets versions that were deleted or replaced, in a versioned bucket. Until then they can be brought back.
         *
         * @param age whole days since then, 1 or more
         * @return this
         */
        public Builder forgetVersions(Duration age) {
            if (noncurrentDays != null) {
                throw new IllegalStateException("forgetVersions is set twice");
            }
            noncurrentDays = days(age, "the age at which versions are forgotten");
            return this;
        }

        /**
         * Builds the rules.
         *
         * @return the rules
         * @throws StorageException with the code {@code storage.unsafe-lifecycle} if a class needs
         *     {@link #allowSlowReads()}
         * @throws IllegalStateException if there is no rule at all, or objects would expire before they are moved
         */
        public S3Lifecycle build() {
            List<AgingRule> rules = new ArrayList<>();
            for (ObjectKind kind : List.of(ObjectKind.WAL, ObjectKind.BACKUP_DATA)) {
                AgingRule move = cold.get(kind);
                if (move != null) {
                    requireReadable(move);
                }
                if (move != null || expireDays != null) {
                    rules.add(AgingRule.aging(kind, move, expireDays));
                }
            }
            if (abortDays != null || noncurrentDays != null) {
                rules.add(AgingRule.leftovers(abortDays, noncurrentDays));
            }
            if (rules.isEmpty()) {
                throw new IllegalStateException("No rule is set: say what is to become of objects");
            }
            return new S3Lifecycle(rules);
        }

        private void requireReadable(AgingRule move) {
            String storageClass = String.valueOf(move.storageClass());
            if (ARCHIVES.contains(storageClass) && !slowReadsAllowed) {
                throw unsafe(
                        "move objects to " + storageClass,
                        "they couldn't be read without a restore of hours there: take GLACIER_IR, or allow slow reads");
            }
            if (expireDays != null && move.moveDays() != null && move.moveDays() >= expireDays) {
                throw new IllegalStateException("Objects would expire after " + expireDays
                        + " days, before they are moved after " + move.moveDays());
            }
        }

        private static long days(Duration age, String what) {
            if (age.toDays() < 1) {
                throw new IllegalArgumentException(what + " is " + age + ": expected one day or more");
            }
            return age.toDays();
        }
    }

    static StorageException unsafe(String what, String why) {
        return new StorageException(
                "storage.unsafe-lifecycle", "Cannot let the bucket " + what + ": " + why + ".", null);
    }
}
