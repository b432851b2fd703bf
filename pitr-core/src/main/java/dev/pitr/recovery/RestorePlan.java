package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a target will be reached: from which backup, along which WAL, with which settings. Immutable.
 *
 * <p>A plan holds for a server that is given every file in {@link #walFiles()}: if a planned one can't be had, the server
 * must be stopped; of a segment outside the plan it must hear "absent", even if the archive has it. Then the server can't
 * mistake a hole for the end of WAL, nor read a parent timeline's file in place of its child's. Only behind the last
 * segment of an {@linkplain #isOpenEnded open-ended} plan may the server get what has been archived since.
 */
public final class RestorePlan {
    private final PlanParts parts;

    RestorePlan(PlanParts parts) {
        this.parts = parts;
    }

    /**
     * Starts a plan.
     *
     * @param catalogue what exists
     * @return a builder; its target must be given
     */
    public static RestorePlanBuilder from(Catalogue catalogue) {
        return new RestorePlanBuilder(catalogue);
    }

    /**
     * Returns the cluster that will be restored.
     *
     * @return its identity
     */
    public ClusterIdentity identity() {
        return parts.identity();
    }

    /**
     * Returns the base backup to start from.
     *
     * @return the backup
     */
    public Backup backup() {
        return parts.route().backup();
    }

    /**
     * Returns the target that was asked for.
     *
     * @return the target
     */
    public RecoveryTarget target() {
        return parts.request().target();
    }

    /**
     * Returns the target that is written into the settings: what was asked for, or a position that means the same. If the
     * plan was made with a look into the WAL, the end of the WAL becomes the position of its last record, and a time
     * after the last transaction the position of a record that proves that it has passed.
     *
     * @return the target of the server
     */
    public RecoveryTarget effectiveTarget() {
        return parts.route().proof().map(Proof::target).orElse(target());
    }

    /**
     * Returns the timeline that was asked for; {@link #history()} tells the number that it stands for.
     *
     * @return the timeline target
     */
    public TimelineTarget timelineTarget() {
        return parts.request().timeline();
    }

    /**
     * Returns what the server does at the target: what was asked for, else PostgreSQL's default, pause; for
     * {@link RecoveryTarget.Latest} promote, and nothing else unless the {@linkplain #effectiveTarget() effective target}
     * is a position.
     *
     * @return the action
     */
    public TargetAction action() {
        if (effectiveTarget() instanceof RecoveryTarget.Latest) {
            return TargetAction.PROMOTE;
        }
        TargetAction usual = target() instanceof RecoveryTarget.Latest ? TargetAction.PROMOTE : TargetAction.PAUSE;
        return parts.request().action().orElse(usual);
    }

    /**
     * Returns the history of the timeline that recovery follows.
     *
     * @return the history; its timeline is written into the settings as a number
     */
    public TimelineHistory history() {
        return parts.route().history();
    }

    /**
     * Returns the timeline that the server will open when it is promoted.
     *
     * @return the first free number behind the plan's timeline
     */
    public TimelineId newTimeline() {
        return parts.newTimeline();
    }

    /**
     * Returns the segments along the path, from the backup's start position to the last that may be needed. The server
     * stops at the target and needn't read all of them.
     *
     * @return one segment for each segment number, in order; for a segment that holds a fork, the child's copy
     */
    public List<WalSegment> segments() {
        return parts.route().segments();
    }

    /**
     * Returns every WAL file that must not be absent: the timeline histories, then the segments. Among the histories
     * are those behind the plan's timeline that a server asks for when it looks for a free timeline number.
     *
     * @return the files, without duplicates
     */
    public List<WalFileName> walFiles() {
        List<WalFileName> result = new ArrayList<>(parts.historyFiles());
        segments().forEach(segment -> result.add(new WalFileName.Segment(segment)));
        return Collections.unmodifiableList(result);
    }

    /**
     * Returns the timeline histories among {@link #walFiles()}.
     *
     * @return history files, in order of their timelines
     */
    public List<WalFileName> historyFiles() {
        return parts.historyFiles();
    }

    /**
     * Tells where the segments are: all in the archive, or all in the backup, which then carries its own WAL.
     *
     * @return true if they come out of the backup
     */
    public boolean usesCarriedWal() {
        return parts.route().isCarried();
    }

    /**
     * Tells whether the server may go on behind the planned segments, through what has been archived on the plan's
     * timeline by then. So it is if the {@linkplain #effectiveTarget() effective target} is {@link RecoveryTarget.Latest},
     * unless the plan ends before a gap or with the WAL that the backup carries. A way of delivery that lays out the
     * planned WAL beforehand ends with it all the same.
     *
     * @return true if the end of the plan is only what the archive holds now
     */
    public boolean isOpenEnded() {
        return effectiveTarget() instanceof RecoveryTarget.Latest
                && parts.route().reachesEndOfArchive();
    }

    /**
     * Returns what will be fetched for the backup.
     *
     * @return bytes as stored, the WAL that it carries included
     */
    public long backupStoredBytes() {
        return backup().storedSizeBytes();
    }

    /**
     * Returns what will be fetched of WAL at most.
     *
     * @return bytes as stored; 0 if the WAL comes out of the backup
     */
    public long walStoredBytes() {
        return parts.walStoredBytes();
    }

    /**
     * Returns what is known of where recovery will end.
     *
     * @return the prediction
     */
    public StopPrediction predictedStop() {
        return parts.predictedStop();
    }

    /**
     * Returns the recovery settings, unquoted, in the order in which they are written: the target, its inclusion,
     * {@code recovery_target_timeline} (always a number), {@code recovery_target_action}. Times are in UTC with
     * {@code +00}. Not among them: {@code restore_command}, which depends on how WAL reaches the server.
     *
     * <p>If the {@linkplain #effectiveTarget() effective target} is {@link RecoveryTarget.Latest}, no target is written.
     * That no planned segment may be absent is what keeps recovery from ending before the end of the plan then.
     *
     * @return setting to value
     */
    public Map<String, String> recoverySettings() {
        Map<String, String> result = new LinkedHashMap<>(effectiveTarget().settings());
        result.put("recovery_target_timeline", history().timeline().toString());
        if (!(effectiveTarget() instanceof RecoveryTarget.Latest)) {
            result.put("recovery_target_action", action().toString());
        }
        return Collections.unmodifiableMap(result);
    }

    /**
     * Returns the newer backups that could have served the target if nothing were missing, and why they can't.
     *
     * @return refusals, newest backup first
     */
    public List<Refusal> passedOver() {
        return parts.passedOver();
    }

    /**
     * Returns the least values with which the restored server can replay the planned WAL as a hot standby, where the WAL
     * tells of more than the backup: {@code max_connections}, {@code max_worker_processes}, {@code max_wal_senders},
     * {@code max_prepared_transactions}, {@code max_locks_per_transaction}.
     *
     * @return setting to value; empty if no change was found, or nobody looked into the WAL
     */
    public Map<String, Integer> capacities() {
        return parts.route()
                .proof()
                .map(proof -> Capacities.of(proof.search().changes()))
                .orElse(Map.of());
    }

    /**
     * Returns why the {@linkplain #effectiveTarget() effective target} isn't what was asked for.
     *
     * @return sentences, none if it is
     */
    public List<String> remarks() {
        return parts.route().proof().map(Proof::remarks).orElse(List.of());
    }

    /**
     * Returns what a person should know before going on.
     *
     * @return sentences, the most important first
     */
    public List<String> warnings() {
        return parts.warnings();
    }

    /**
     * Returns the steps of the restore, in order.
     *
     * @return sentences
     */
    public List<String> steps() {
        return PlanSteps.of(this);
    }

    /**
     * Returns the plan as text for people.
     *
     * @return lines of at most 100 characters, save where a name is longer
     */
    public String describe() {
        return PlanText.print(this);
    }

    /**
     * Returns the plan as JSON, with kebab-case keys and a {@code version}.
     *
     * @return one JSON object
     */
    public String toJson() {
        return PlanJson.print(this);
    }

    @Override
    public String toString() {
        return "Restore plan: backup " + backup().id() + ", timeline "
                + history().timeline() + ", " + target().describe();
    }
}
