package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The lifecycle rules of one repository: what the bucket does by itself about objects as they age. Made by
 * {@link GcsStorage#lifecycle}, put in force by {@link GcsStorage#apply}. Immutable.
 *
 * <p>The store has no tags on objects, so a rule selects by two things that must both be true. By name: what lies in the
 * repository's folder and ends as WAL segments or backup parts do, which no record, index or history does. And by the
 * object's custom time, which {@link GcsStorage} sets on WAL and backup parts only, so that nothing else can ever be moved
 * or expired, whatever it is called. Days are counted both from the custom time and from when the store got the object;
 * the later counts.
 */
public final class GcsLifecycle {
    private final String folder;
    private final List<GenericJson> rules;

    GcsLifecycle(String folder, List<GenericJson> rules) {
        this.folder = folder;
        this.rules = List.copyOf(rules);
    }

    /**
     * Returns the rules as {@code gcloud storage buckets update --lifecycle-file} takes them. That command replaces all of
     * a bucket's rules, {@link GcsStorage#apply} only those of this repository.
     *
     * @return JSON over several lines
     */
    public String toJson() {
        try {
            return json(rules).toPrettyString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the names of the repository's objects start with, a slash at its end. */
    String folder() {
        return folder;
    }

    List<GenericJson> rules() {
        return rules;
    }

    /** The bucket's rules once these are in force: others' stay as they are, earlier ones of this repository go. */
    List<GenericJson> mergedInto(Collection<GenericJson> existing) {
        List<GenericJson> merged = new ArrayList<>();
        for (GenericJson rule : existing) {
            if (!isOurs(rule)) {
                merged.add(rule);
            }
        }
        merged.addAll(rules);
        return merged;
    }

    /** Rules have no names, so ours are known by their shape: exactly this folder, and a time that only pitr sets. */
    private boolean isOurs(GenericJson rule) {
        Map<?, ?> condition = LifecycleRule.condition(rule);
        return List.of(folder).equals(condition.get("matchesPrefix"))
                && (condition.containsKey("daysSinceCustomTime") || condition.containsKey("daysSinceNoncurrentTime"));
    }

    static GenericJson json(List<GenericJson> rules) {
        GenericJson json = new GenericJson();
        json.setFactory(GsonFactory.getDefaultInstance());
        json.set("rule", rules);
        return json;
    }

    /** Returns the rules as {@link #toJson()} does. */
    @Override
    public String toString() {
        return toJson();
    }
}
