package dev.pitr.recovery;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a {@link RestorePlan}. Each option can be set once; the target must be.
 *
 * <p>Not thread-safe.
 */
public final class RestorePlanBuilder {
    private final Catalogue catalogue;
    private @Nullable RecoveryTarget target;
    private @Nullable TimelineTarget timeline;
    private @Nullable TargetAction action;
    private @Nullable String backupId;
    private OptionalInt serverMajor = OptionalInt.empty();
    private OptionalLong systemIdentifier = OptionalLong.empty();
    private boolean preferCarriedWal;
    private boolean endBeforeGap;
    private boolean openEnded;
    private @Nullable WalIndex index;

    RestorePlanBuilder(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Sets where recovery shall stop.
     *
     * @param value the target
     * @return this
     */
    public RestorePlanBuilder target(RecoveryTarget value) {
        requireUnset("target", target);
        target = value;
        return this;
    }

    /**
     * Sets the timeline to follow. Default: {@link TimelineTarget#latest()}, as in PostgreSQL.
     *
     * @param value the timeline
     * @return this
     */
    public RestorePlanBuilder timeline(TimelineTarget value) {
        requireUnset("timeline", timeline);
        timeline = value;
        return this;
    }

    /**
     * Sets what the server does at the target. Default: {@link TargetAction#PAUSE}, as in PostgreSQL.
     *
     * @param value the action
     * @return this
     */
    public RestorePlanBuilder action(TargetAction value) {
        requireUnset("action", action);
        action = value;
        return this;
    }

    /**
     * Forces a backup. Default: the newest that can serve the target.
     *
     * @param id the backup's identifier
     * @return this
     */
    public RestorePlanBuilder backup(String id) {
        requireUnset("backup", backupId);
        backupId = id;
        return this;
    }

    /**
     * Names the major version of the server binaries that shall run the restored cluster; another one than the
     * backups' is refused. Default: unchecked.
     *
     * @param major such as 17
     * @return this
     */
    public RestorePlanBuilder serverMajor(int major) {
        requireUnset("serverMajor", serverMajor.isPresent() ? serverMajor : null);
        serverMajor = OptionalInt.of(major);
        return this;
    }

    /**
     * Names the cluster that is expected; another one is refused. Default: unchecked.
     *
     * @param identifier the system identifier, to be read as unsigned
     * @return this
     */
    public RestorePlanBuilder systemIdentifier(long identifier) {
        requireUnset("systemIdentifier", systemIdentifier.isPresent() ? systemIdentifier : null);
        systemIdentifier = OptionalLong.of(identifier);
        return this;
    }

    /**
     * Takes the WAL that a backup carries where that is enough: for {@link RecoveryTarget.Immediate}, and for
     * {@link RecoveryTarget.Latest}, which then ends with the backup. Default: carried WAL serves only where the archive
     * lacks the backup's WAL.
     *
     * @return this
     */
    public RestorePlanBuilder preferCarriedWal() {
        requireUnset("preferCarriedWal", preferCarriedWal ? true : null);
        preferCarriedWal = true;
        return this;
    }

    /**
     * Lets the plan end before the first hole in the archived WAL, instead of refusing it. The server then recovers up
     * to the hole, or, with a target that lies behind it, ends with an error and changes nothing outside its data
     * directory.
     *
     * @return this
     */
    public RestorePlanBuilder endBeforeGap() {
        requireUnset("endBeforeGap", endBeforeGap ? true : null);
        endBeforeGap = true;
        return this;
    }

    /**
     * Looks into the WAL, so that the plan proves where recovery ends, and takes an older backup where the newest can't
     * serve the target. Default: only the names of segments are known, and the plan tells what it can't know.
     *
     * @param value what is inside the catalogue's WAL
     * @return this
     */
    public RestorePlanBuilder index(WalIndex value) {
        requireUnset("index", index);
        index = value;
        return this;
    }

    /**
     * Keeps a plan for {@link RecoveryTarget.Latest} open-ended: what is archived after it was made is replayed too, and
     * no target is written. Default with an {@linkplain #index index}: the end of the WAL is written as a position, and
     * the server ends with an error where it can't get so far. Without an index, every such plan is open-ended.
     *
     * @return this
     */
    public RestorePlanBuilder openEnded() {
        requireUnset("openEnded", openEnded ? true : null);
        openEnded = true;
        return this;
    }

    /**
     * Makes the plan.
     *
     * @return the plan
     * @throws IllegalStateException if no target was given
     * @throws RestoreRefusedException if no backup can serve the request; it names what can be done
     */
    public RestorePlan build() {
        if (target == null) {
            throw new IllegalStateException("target is missing: say where recovery shall stop");
        }
        RestoreRequest request = new RestoreRequest(
                target,
                timeline == null ? TimelineTarget.latest() : timeline,
                Optional.ofNullable(action),
                Optional.ofNullable(backupId),
                preferCarriedWal,
                endBeforeGap,
                openEnded);
        List<Refusal> mismatches = mismatches();
        if (!mismatches.isEmpty()) {
            throw RefusalText.exception(request, mismatches);
        }
        return new Planner(catalogue, Optional.ofNullable(index)).plan(request);
    }

    private List<Refusal> mismatches() {
        List<Refusal> result = new ArrayList<>();
        long stored = catalogue.identity().systemIdentifier();
        if (systemIdentifier.isPresent() && systemIdentifier.getAsLong() != stored) {
            result.add(Refusals.otherCluster(stored, systemIdentifier.getAsLong()));
        }
        int major = catalogue.identity().version().major();
        if (serverMajor.isPresent() && serverMajor.getAsInt() != major) {
            result.add(Refusals.otherVersion(major, serverMajor.getAsInt()));
        }
        return result;
    }

    private static void requireUnset(String option, @Nullable Object value) {
        if (value != null) {
            throw new IllegalStateException(option + " is set twice");
        }
    }
}
