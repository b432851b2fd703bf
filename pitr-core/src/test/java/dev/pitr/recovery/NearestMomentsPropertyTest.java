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
        StopFinderPropertyTest.Made made = StopFinderPropertyTest.make(random);
        RecoveryWindowCalculator windows = RecoveryWindowCalculator.of(made.story.catalogue(), made.index(3));
        for (int i = 0; i < 6; i++) {
            RecoveryTarget.Time target = RecoveryTarget.time(WalStory.at(random.nextInt(400) - 40));
            NearestMoments moments = windows.nearestReachable(target.time());
            Optional<RestorePlan> plan = plan(made, target);

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
                    .ifPresent(moment -> assertThat(plan(made, moment.target(), moment.backupId()))
                            .isPresent());
            moments.before()
                    .ifPresent(moment -> assertThat(plan(made, moment.target(), moment.backupId()))
                            .isPresent());
        }
    }

    private static Optional<RestorePlan> plan(StopFinderPropertyTest.Made made, RecoveryTarget target) {
        return build(newest(made, target));
    }

    private static Optional<RestorePlan> plan(StopFinderPropertyTest.Made made, RecoveryTarget target, String backup) {
        return build(newest(made, target).backup(backup));
    }

    private static RestorePlanBuilder newest(StopFinderPropertyTest.Made made, RecoveryTarget target) {
        return RestorePlan.from(made.story.catalogue())
                .index(made.index(4))
                .target(target)
                .timeline(TimelineTarget.number(new TimelineId(made.story.timeline())));
    }

    private static Optional<RestorePlan> build(RestorePlanBuilder builder) {
        try {
            return Optional.of(builder.build());
        } catch (RestoreRefusedException refused) {
            return Optional.empty();
        }
    }
}
