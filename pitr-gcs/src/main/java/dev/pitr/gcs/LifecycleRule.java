package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one rule is written, and what another may select. Fields that we don't know are kept as they are. */
final class LifecycleRule {
    /** The last digit of a segment's name: nothing else ends like that. */
    private static final String HEX_DIGITS = "0123456789ABCDEF";

    /** How the names of whole WAL segments end. */
    static final List<String> SEGMENTS =
            HEX_DIGITS.chars().mapToObj(digit -> (char) digit + ".zst").toList();

    /** How the names of backup parts end. */
    static final List<String> PARTS = List.of(".tar", ".tar.gz", ".tar.zst");

    private LifecycleRule() {}

    static GenericJson move(String folder, List<String> suffixes, GcsStorageClass target, long days) {
        GenericJson action = new GenericJson();
        action.set("type", "SetStorageClass");
        action.set("storageClass", target.name());
        return rule(action, aged(folder, suffixes, days));
    }

    static GenericJson expire(String folder, List<String> suffixes, long days) {
        return rule(deletion(), aged(folder, suffixes, days));
    }

    static GenericJson removeOldVersions(String folder, long days) {
        GenericJson condition = new GenericJson();
        condition.set("daysSinceNoncurrentTime", days);
        condition.set("matchesPrefix", List.of(folder));
        return rule(deletion(), condition);
    }

    private static GenericJson deletion() {
        GenericJson action = new GenericJson();
        action.set("type", "Delete");
        return action;
    }

    private static GenericJson aged(String folder, List<String> suffixes, long days) {
        GenericJson condition = new GenericJson();
        // By the store's clock and by the writer's: an object without a custom time never fits.
        condition.set("age", days);
        condition.set("daysSinceCustomTime", days);
        condition.set("matchesPrefix", List.of(folder));
        condition.set("matchesSuffix", suffixes);
        return condition;
    }

    private static GenericJson rule(GenericJson action, GenericJson condition) {
        GenericJson rule = new GenericJson();
        rule.set("action", action);
        rule.set("condition", condition);
        return rule;
    }

    static Map<?, ?> condition(GenericJson rule) {
        return rule.get("condition") instanceof Map<?, ?> condition ? condition : Map.of();
    }

    /** Whether a rule deletes objects that are current and may lie in the folder. */
    static boolean mayDelete(GenericJson rule, String folder) {
        boolean deletes = rule.get("action") instanceof Map<?, ?> action && "Delete".equals(action.get("type"));
        Map<?, ?> condition = condition(rule);
        boolean spares = Boolean.FALSE.equals(condition.get("isLive"))
                || condition.containsKey("daysSinceNoncurrentTime")
                || condition.containsKey("noncurrentTimeBefore")
                || isPositive(condition.get("numNewerVersions"));
        return deletes && !spares && reaches(condition.get("matchesPrefix"), folder);
    }

    private static boolean isPositive(@Nullable Object value) {
        return value instanceof Number number && number.longValue() > 0;
    }

    private static boolean reaches(@Nullable Object prefixes, String folder) {
        if (!(prefixes instanceof Collection<?> all) || all.isEmpty()) {
            return true;
        }
        return all.stream().map(String::valueOf).anyMatch(p -> p.startsWith(folder) || folder.startsWith(p));
    }
}
