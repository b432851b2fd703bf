package dev.pitr.restore;

import dev.pitr.restore.RestoreResult.Neutralised;
import dev.pitr.wal.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what is written to the restored {@code postgresql.auto.conf}: first what keeps inherited settings from doing
 * harm, then recovery's, then the caller's. Later ones win.
 */
final class SettingsDecision {
    /** Values that may hold a password or a key: named, never shown. */
    private static final Set<String> SECRET = Set.of(
            "primary_conninfo",
            "archive_command",
            "restore_command",
            "recovery_end_command",
            "archive_cleanup_command");

    private static final List<String> RECOVERY_TARGETS = List.of(
            "recovery_target",
            "recovery_target_time",
            "recovery_target_xid",
            "recovery_target_lsn",
            "recovery_target_name");

    /** With the defaults of PostgreSQL 13 to 18. */
    private static final Map<String, String> CAPACITIES = Map.of(
            "max_connections", "100",
            "max_worker_processes", "8",
            "max_wal_senders", "10",
            "max_prepared_transactions", "0",
            "max_locks_per_transaction", "64");

    private final InheritedSettings inherited;
    private final PostgresVersion version;
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final List<Neutralised> neutralised = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private SettingsDecision(InheritedSettings inherited, PostgresVersion version) {
        this.inherited = inherited;
        this.version = version;
    }

    /**
     * Decides.
     *
     * @param inherited what the restored files say
     * @param version the server's major version
     * @param role what the server shall be
     * @param recovery recovery settings, restore_command among them
     * @param chosen the caller's settings
     */
    static SettingsDecision of(
            InheritedSettings inherited,
            PostgresVersion version,
            RestoredRole role,
            Map<String, String> recovery,
            Map<String, String> chosen) {
        SettingsDecision decision = new SettingsDecision(inherited, version);
        decision.neutraliseArchiving();
        decision.neutraliseReplication(role);
        decision.neutraliseRecovery();
        decision.neutralisePaths();
        decision.neutraliseTls();
        decision.keepCapacities();
        decision.put(recovery);
        decision.put(chosen);
        decision.neutralised.removeIf(n -> chosen.containsKey(n.name()));
        decision.warnOfPort(role);
        return decision;
    }

    Map<String, String> lines() {
        return lines;
    }

    List<Neutralised> neutralised() {
        return neutralised;
    }

    List<String> warnings() {
        return warnings;
    }

    private void neutraliseArchiving() {
        String reason = "archiving where the original archives would mix two clusters";
        override("archive_mode", "off", "off", reason);
        override("archive_command", "", "", reason);
        if (version.isAtLeast(PostgresVersion.V15)) {
            override("archive_library", "", "", reason);
        }
    }

    private void neutraliseReplication(RestoredRole role) {
        override("primary_conninfo", "", "", "it would stream from the server that the original streamed from");
        override("primary_slot_name", "", "", "it would use a replication slot that is somebody else's");
        override("synchronous_standby_names", "", "", "commits would wait for standbys that don't follow this server");
        if (role == RestoredRole.COPY) {
            // Named in any case: whether there are subscriptions isn't known before the server runs.
            String workers = "max_logical_replication_workers";
            lines.put(workers, "0");
            report(
                    workers,
                    inherited.value(workers).orElse("4"),
                    "0",
                    "its subscriptions would consume the original's slots; reset it when this server takes over");
        }
    }

    private void neutraliseRecovery() {
        RECOVERY_TARGETS.forEach(name -> override(name, "", "", "the plan has its own target"));
        override("recovery_target_inclusive", "on", "on", "the plan has its own target");
        override("recovery_target_action", "pause", "pause", "the plan has its own action");
        override("restore_command", "", "", "WAL comes as planned");
        override("recovery_end_command", "", "", "it was written for the original server");
        override("archive_cleanup_command", "", "", "it would remove WAL of the original server");
        override("recovery_min_apply_delay", "0", "0", "recovery would wait on purpose");
        if (!version.isAtLeast(PostgresVersion.V16)) {
            override("promote_trigger_file", "", "", "a file of the original server would end recovery early");
        }
    }

    private void neutralisePaths() {
        overrideIfSet("external_pid_file", "", "it would replace the original's file");
        overrideIfOutside("log_directory", "log");
        if (!version.isAtLeast(PostgresVersion.V15)) {
            overrideIfOutside("stats_temp_directory", "pg_stat_tmp");
        }
        inherited.value("unix_socket_directories").ifPresent(this::keepExistingSocketFolders);
    }

    private void overrideIfOutside(String name, String now) {
        if (inherited.value(name).filter(v -> v.startsWith("/")).isPresent()) {
            overrideIfSet(name, now, "it would write into a folder of the original server");
        }
    }

    private void keepExistingSocketFolders(String value) {
        List<String> folders = Stream.of(value.split(","))
                .map(String::strip)
                .filter(f -> !f.isEmpty())
                .toList();
        String existing = folders.stream()
                .filter(f -> f.startsWith("@") || Files.isDirectory(Path.of(f)))
                .collect(Collectors.joining(","));
        if (folders.stream().anyMatch(f -> !Arrays.asList(existing.split(",")).contains(f))) {
            String now = existing.isEmpty() ? "/tmp" : existing;
            overrideIfSet("unix_socket_directories", now, "the server would not start without these folders");
        }
    }

    private void neutraliseTls() {
        if (inherited.value("ssl").filter(SettingsDecision::isOn).isEmpty()) {
            return;
        }
        List<String> absent = Stream.of("ssl_cert_file", "ssl_key_file", "ssl_ca_file", "ssl_crl_file")
                .filter(this::namesAbsentFile)
                .toList();
        if (!absent.isEmpty()) {
            overrideIfSet("ssl", "off", "the server would not start without its " + String.join(", ", absent));
        }
    }

    private boolean namesAbsentFile(String setting) {
        String usual =
                setting.equals("ssl_cert_file") ? "server.crt" : setting.equals("ssl_key_file") ? "server.key" : "";
        String file = inherited.value(setting).orElse(usual);
        return !file.isEmpty() && !Files.isReadable(inherited.dataDirectory().resolve(file));
    }

    /**
     * A server that recovers must not have less of these than the one that wrote the WAL, or it refuses to start ("Hot
     * Standby", section Administrator's Overview). Values from the original's command line stand in no file.
     */
    private void keepCapacities() {
        CAPACITIES.forEach((name, usual) -> {
            String recorded = inherited.recorded(name).orElse(usual);
            String inFiles = inherited.inFiles(name).orElse(usual);
            if (isGreater(recorded, inFiles)) {
                lines.put(name, recorded);
                report(name, inFiles, recorded, "recovery needs as much as the original server had");
            }
        });
    }

    private static boolean isGreater(String recorded, String inFiles) {
        try {
            return Long.parseLong(recorded) > Long.parseLong(inFiles);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isOn(String value) {
        return Set.of("on", "true", "yes", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    /** Writes a line in any case, and reports it if the inherited value was another than the usual one. */
    private void override(String name, String now, String usual, String reason) {
        lines.put(name, now);
        String was = inherited.value(name).orElse(usual);
        // SHOW prints "(disabled)" for an archive_command while archiving is off.
        if (!was.equals(usual) && !was.equals(now) && !was.equals("(disabled)")) {
            report(name, was, now, reason);
        }
    }

    private void overrideIfSet(String name, String now, String reason) {
        inherited.value(name).filter(was -> !was.isEmpty() && !was.equals(now)).ifPresent(was -> {
            lines.put(name, now);
            report(name, was, now, reason);
        });
    }

    private void report(String name, String was, String now, String reason) {
        neutralised.add(new Neutralised(name, SECRET.contains(name) ? "(not shown)" : was, now, reason));
    }

    private void put(Map<String, String> settings) {
        settings.forEach((name, value) -> {
            lines.remove(name);
            lines.put(name, value);
        });
    }

    private void warnOfPort(RestoredRole role) {
        if (role == RestoredRole.COPY && !lines.containsKey("port")) {
            warnings.add(
                    "The server will listen on port " + inherited.value("port").orElse("5432")
                            + ", as the original does. Set another port if both shall run on this machine.");
        }
    }
}
