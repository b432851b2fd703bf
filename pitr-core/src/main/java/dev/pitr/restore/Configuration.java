package dev.pitr.restore;

import dev.pitr.restore.RestoreResult.Neutralised;
import dev.pitr.restore.TargetTree.Access;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was written for the server to read, and what a person should know of it. */
record Configuration(List<Neutralised> neutralised, List<String> warnings) {
    static Configuration write(RestoreOptions options, Targets targets, Access access, String restoreCommand) {
        ServerFiles files = new ServerFiles(targets.data(), access);
        files.writeMainConfiguration(options.backup());
        InheritedSettings inherited = InheritedSettings.read(targets.data().root(), recorded(options));
        Map<String, String> lines = new LinkedHashMap<>(files.writeAuthentication(options.backup(), inherited));
        Map<String, String> recovery = new LinkedHashMap<>(options.plan().recoverySettings());
        recovery.put("restore_command", restoreCommand);
        SettingsDecision decision = SettingsDecision.of(
                inherited, options.plan().identity().version(), options.role(), recovery, options.settings());
        lines.putAll(decision.lines());
        files.writeAutoConfiguration(
                "Written for the restore of backup " + options.backup().id() + "; the lines win over all above.",
                lines);
        files.writeTablespaceMap(
                options.tablespaces(), options.plan().identity().version());
        files.writeSignal(options.role());
        List<String> warnings = new ArrayList<>(files.warnings());
        warnings.addAll(decision.warnings());
        return new Configuration(decision.neutralised(), List.copyOf(warnings));
    }

    /** The settings of the original server, the capacities raised to the most that it had up to the target. */
    private static Map<String, String> recorded(RestoreOptions options) {
        Map<String, String> result = new LinkedHashMap<>(options.backup().settings());
        options.plan()
                .capacities()
                .forEach((name, value) -> result.merge(name, value.toString(), (old, wanted) -> {
                    boolean isEnough = old.matches("\\d{1,9}") && Integer.parseInt(old) >= value;
                    return isEnough ? old : wanted;
                }));
        return result;
    }
}
