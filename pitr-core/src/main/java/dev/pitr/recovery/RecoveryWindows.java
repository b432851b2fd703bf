package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegment;
import java.util.List;
import java.util.Optional;

/**
 * All that can be recovered: the windows along each timeline, and what lies between them. Immutable; grows with releases.
 */
public final class RecoveryWindows {
    /**
     * What can be recovered along one timeline and its ancestors.
     *
     * @param history the timeline
     * @param windows in order, none if no backup is usable
     * @param gaps the archived path's missing segments, from the first backup's on
     * @param first the first archived segment that a backup on the path needs; empty without a backup
     * @param last the last archived segment of the path; empty if there is none
     */
    public record OnTimeline(
            TimelineHistory history,
            List<RecoveryWindow> windows,
            List<WalCoverage.Run> gaps,
            Optional<WalSegment> first,
            Optional<WalSegment> last) {
        /** Copies the lists. */
        public OnTimeline {
            windows = List.copyOf(windows);
            gaps = List.copyOf(gaps);
        }
    }

    private final ClusterIdentity identity;
    private final List<OnTimeline> timelines;

    RecoveryWindows(ClusterIdentity identity, List<OnTimeline> timelines) {
        this.identity = identity;
        this.timelines = List.copyOf(timelines);
    }

    /**
     * Returns whose windows these are.
     *
     * @return the cluster
     */
    public ClusterIdentity identity() {
        return identity;
    }

    /**
     * Returns each timeline that a restore can follow.
     *
     * @return in order of their numbers; a timeline's windows may begin on an ancestor
     */
    public List<OnTimeline> timelines() {
        return timelines;
    }

    /**
     * Returns the windows of all timelines.
     *
     * @return by timeline, then in order
     */
    public List<RecoveryWindow> all() {
        return timelines.stream()
                .flatMap(timeline -> timeline.windows().stream())
                .toList();
    }

    /**
     * Returns the windows as text for people, with a small picture of the timelines.
     *
     * @return lines of at most 100 characters, save where a name is longer
     */
    public String describe() {
        return WindowText.print(this);
    }

    /**
     * Returns the windows as JSON, with kebab-case keys and a {@code version}. Times have microseconds.
     *
     * @return one JSON object
     */
    public String toJson() {
        return WindowJson.print(this);
    }

    @Override
    public String toString() {
        return all().size() + " windows on " + timelines.size() + " timelines";
    }
}
