package dev.pitr.s3;

import dev.pitr.repository.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;

/** The rules that a bucket has: ours are replaced, all others stay. */
final class BucketLifecycle {
    private static final String VERB = "set";
    private static final String WHAT = "the lifecycle rules";

    private final S3Access access;
    private final @Nullable String bucketOwner;

    BucketLifecycle(S3Access access, @Nullable String bucketOwner) {
        this.access = access;
        this.bucketOwner = bucketOwner;
    }

    void apply(List<AgingRule> rules) {
        Set<String> ours = Stream.concat(Stream.of(ObjectKind.values()).map(ObjectKind::label), Stream.of("leftovers"))
                .map(label -> AgingRule.idFor(access.place(), label))
                .collect(Collectors.toSet());
        List<LifecycleRule> all = new ArrayList<>();
        for (LifecycleRule present : present()) {
            if (!ours.contains(present.id())) {
                requireHarmless(present);
                all.add(present);
            }
        }
        rules.forEach(rule -> all.add(toStore(rule)));
        access.errors()
                .call(
                        VERB,
                        WHAT,
                        () -> access.client()
                                .putBucketLifecycleConfiguration(
                                        request -> request.bucket(access.place().bucket())
                                                .expectedBucketOwner(bucketOwner)
                                                .lifecycleConfiguration(configuration -> configuration.rules(all))));
    }

    private List<LifecycleRule> present() {
        GetBucketLifecycleConfigurationRequest request = GetBucketLifecycleConfigurationRequest.builder()
                .bucket(access.place().bucket())
                .expectedBucketOwner(bucketOwner)
                .build();
        return access.errors().call(VERB, WHAT, () -> {
            try {
                return access.client().getBucketLifecycleConfiguration(request).rules();
            } catch (S3Exception e) {
                if (S3Failure.codeOf(e).equals("NoSuchLifecycleConfiguration")) {
                    return List.of();
                }
                throw e;
            }
        });
    }

    /** A rule of somebody else's that ends current objects, and may meet ours, is the end of the repository. */
    private void requireHarmless(LifecycleRule rule) {
        boolean ends = rule.expiration() != null
                && (rule.expiration().days() != null || rule.expiration().date() != null);
        if (ends && rule.status() == ExpirationStatus.ENABLED && mayMeetOurs(rule)) {
            throw S3Lifecycle.unsafe(
                    "keep its rule \"" + rule.id() + "\" beside ours",
                    "it expires objects under " + access.place() + ". Restrict it to another prefix or a tag, then"
                            + " apply ours again");
        }
    }

    @SuppressWarnings("deprecation") // old rules still come so
    private boolean mayMeetOurs(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        boolean isTagged = filter != null
                && (filter.tag() != null
                        || (filter.and() != null && !filter.and().tags().isEmpty()));
        String prefix = rule.prefix();
        if (filter != null) {
            prefix = filter.and() == null ? filter.prefix() : filter.and().prefix();
        }
        String theirs = prefix == null ? "" : prefix;
        String ours = access.place().prefix();
        return !isTagged && (theirs.startsWith(ours) || ours.startsWith(theirs));
    }

    private LifecycleRule toStore(AgingRule rule) {
        LifecycleRule.Builder store = LifecycleRule.builder()
                .id(rule.id(access.place()))
                .status(ExpirationStatus.ENABLED)
                .filter(filter(rule));
        Long move = rule.moveDays();
        if (move != null) {
            store.transitions(Transition.builder()
                    .days(move.intValue())
                    .storageClass(rule.storageClass())
                    .build());
        }
        Long expire = rule.expireDays();
        if (expire != null) {
            store.expiration(expiration -> expiration.days(expire.intValue()));
        }
        Long abort = rule.abortDays();
        if (abort != null) {
            store.abortIncompleteMultipartUpload(uploads -> uploads.daysAfterInitiation(abort.intValue()));
        }
        Long forget = rule.noncurrentDays();
        if (forget != null) {
            store.noncurrentVersionExpiration(versions -> versions.noncurrentDays(forget.intValue()));
        }
        return store.build();
    }

    private LifecycleRuleFilter filter(AgingRule rule) {
        String prefix = access.place().prefix();
        ObjectKind kind = rule.kind();
        if (kind == null) {
            return LifecycleRuleFilter.builder().prefix(prefix).build();
        }
        Tag tag = Tag.builder().key(S3Requests.KIND_TAG).value(kind.label()).build();
        return LifecycleRuleFilter.builder()
                .and(and -> and.prefix(prefix).tags(tag))
                .build();
    }
}
