package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import dev.pitr.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts a repository's lifecycle rules in force beside those that the bucket has. */
final class BucketLifecycle {
    private static final int ATTEMPTS = 5;
    private static final Task READ = new Task("read", "the bucket's lifecycle rules");
    private static final Task CHANGE = new Task("change", "the bucket's lifecycle rules");

    private final GcsClient client;

    BucketLifecycle(GcsClient client) {
        this.client = client;
    }

    void apply(GcsLifecycle lifecycle) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            GenericJson bucket = client.send(
                    client.onBucket(READ, "GET").query("fields", "metageneration,lifecycle"),
                    GcsClient.json(GenericJson.class));
            List<GenericJson> merged = lifecycle.mergedInto(rules(bucket));
            requireHarmless(lifecycle, merged);
            if (store(merged, String.valueOf(bucket.get("metageneration")))) {
                return;
            }
        }
        throw new StorageException(
                "storage.lifecycle-conflict",
                "Cannot " + CHANGE + " in " + client.errors().description()
                        + ": somebody else keeps changing the bucket. Try again.",
                null);
    }

    private static List<GenericJson> rules(GenericJson bucket) {
        List<GenericJson> rules = new ArrayList<>();
        if (bucket.get("lifecycle") instanceof Map<?, ?> lifecycle && lifecycle.get("rule") instanceof List<?> all) {
            for (Object rule : all) {
                GenericJson copy = new GenericJson();
                ((Map<?, ?>) rule).forEach((name, value) -> copy.set(String.valueOf(name), value));
                rules.add(copy);
            }
        }
        return rules;
    }

    /** A rule of somebody else's that deletes in here would delete what makes the repository one. */
    private void requireHarmless(GcsLifecycle lifecycle, List<GenericJson> merged) {
        for (GenericJson rule : merged) {
            if (!lifecycle.rules().contains(rule) && LifecycleRule.mayDelete(rule, lifecycle.folder())) {
                throw new StorageException(
                        "storage.lifecycle-conflict",
                        "Cannot " + CHANGE + " in " + client.errors().description()
                                + ": another rule deletes objects of " + lifecycle.folder()
                                + " as well, records among them: "
                                + LifecycleRule.condition(rule)
                                + ". Limit it to other prefixes, or remove it.",
                        null);
            }
        }
    }

    private boolean store(List<GenericJson> rules, String metageneration) {
        GenericJson patch = new GenericJson();
        patch.set("lifecycle", GcsLifecycle.json(rules));
        // Not every transport can send a PATCH.
        GcsRequest request = client.onBucket(CHANGE, "POST")
                .header("X-HTTP-Method-Override", "PATCH")
                .query("ifMetagenerationMatch", metageneration)
                .query("fields", "metageneration")
                .content(GcsClient.json(patch))
                .answeredBy(412);
        return client.send(request, response -> {
            response.ignore();
            return response.getStatusCode() != 412;
        });
    }
}
