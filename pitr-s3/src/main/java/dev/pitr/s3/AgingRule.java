package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * One rule.
 *
 * @param kind which objects; null for all, where a rule can't tell them apart
 * @param moveDays the age at which they get another class
 * @param expireDays the age at which they go
 * @param abortDays the age at which unfinished uploads go
 * @param noncurrentDays how long replaced and deleted versions stay
 */
record AgingRule(
        @Nullable ObjectKind kind,
        @Nullable Long moveDays,
        @Nullable String storageClass,
        @Nullable Long expireDays,
        @Nullable Long abortDays,
        @Nullable Long noncurrentDays) {
    static AgingRule move(ObjectKind kind, long days, String storageClass) {
        return new AgingRule(kind, days, storageClass, null, null, null);
    }

    static AgingRule aging(ObjectKind kind, @Nullable AgingRule move, @Nullable Long expireDays) {
        return new AgingRule(
                kind,
                move == null ? null : move.moveDays(),
                move == null ? null : move.storageClass(),
                expireDays,
                null,
                null);
    }

    static AgingRule leftovers(@Nullable Long abortDays, @Nullable Long noncurrentDays) {
        return new AgingRule(null, null, null, null, abortDays, noncurrentDays);
    }

    /** Tells our rules for one prefix from all others in the bucket. */
    String id(S3Place place) {
        return idFor(place, kind == null ? "leftovers" : kind.label());
    }

    static String idFor(S3Place place, String label) {
        return "pitr-" + place.prefix().replace('/', ':') + label;
    }
}
