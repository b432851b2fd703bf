package dev.pitr.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.TimelineId;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The moments around a time are those that plans reach. */
class NearestMomentsPropertyTest {
    @Property(tries = 60)
    void aReachableTimeCanBePlannedAndEndsWhereItSays(@ForAll long seed) {
        Random random = new Random(seed);
        WalStory story = StopFinderPropertyTest.make(random).story;
        for (int i = 0; i < 6; i++) {
            RecoveryTarget.Time target = RecoveryTarget.time(WalStory.at(random.nextInt(400) - 40));
            NearestMoments moments = story.windows().nearestReachable(target.time());
            Optional<RestorePlan> plan = plan(story, target);

            if (moments.isReachable()) {
                assertThat(plan).isPresent();
                assertThat(plan.get().predictedStop().exactly())
                        .contains(moments.before().orElseThrow().lsn());
                assertThat(plan.get().predictedStop().stop().orElseThrow().lastCommit())
                        .isEqualTo(moments.before().orElseThrow().commit());
            } else {
                assertThat(plan.filter(found -> found.effectiveTarget().equals(target)))
                        .isEmpty();
            }
            moments.after()
                    .ifPresent(moment -> assertThat(plan(story, moment.target(), moment.backupId()))
                            .isPresent());
            moments.before()
                    .ifPresent(moment -> assertThat(plan(story, moment.target(), moment.backupId()))
                            .isPresent());
        }
    }

    private static Optional<RestorePlan> plan(WalStory story, RecoveryTarget target) {
        return build(newest(story, target));
    }

    private static Optional<RestorePlan> plan(WalStory story, RecoveryTarget target, String backup) {
        return build(newest(story, target).backup(backup));
    }

    private static RestorePlanBuilder newest(WalStory story, RecoveryTarget target) {
        return story.plan(target).timeline(TimelineTarget.number(new TimelineId(story.timeline())));
    }

    private static Optional<RestorePlan> build(RestorePlanBuilder builder) {
        try {
            return Optional.of(builder.build());
        } catch (RestoreRefusedException refused) {
            return Optional.empty();
        }
    }
}
