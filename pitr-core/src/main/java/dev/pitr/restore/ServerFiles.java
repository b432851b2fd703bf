package dev.pitr.restore;

import dev.pitr.catalog.Backup;
import dev.pitr.postgres.PostgresConf;
import dev.pitr.postgres.TablespaceMap;
import dev.pitr.restore.TargetTree.Access;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what a server reads before it starts: configuration, client authentication, signal file, tablespace map. */
final class ServerFiles {
    /** Settings that no file may hold, that the files' place decides, or that belong to the session that recorded them. */
    private static final Set<String> NOT_FOR_FILES = Set.of(
            "application_name",
            "block_size",
            "client_encoding",
            "config_file",
            "data_checksums",
            "data_directory",
            "data_directory_mode",
            "debug_assertions",
            "effective_wal_level",
            "external_pid_file",
            "hba_file",
            "huge_pages_status",
            "ident_file",
            "in_hot_standby",
            "integer_datetimes",
            "is_superuser",
            "lc_collate",
            "lc_ctype",
            "max_function_args",
            "max_identifier_length",
            "max_index_keys",
            "num_os_semaphores",
            "role",
            "search_path",
            "seed",
            "segment_size",
            "server_encoding",
            "server_version",
            "server_version_num",
            "session_authorization",
            "shared_memory_size",
            "shared_memory_size_in_huge_pages",
            "ssl_library",
            "transaction_deferrable",
            "transaction_isolation",
            "transaction_read_only",
            "wal_block_size",
            "wal_segment_size");

    private static final List<String> CAREFUL_HBA = List.of(
            "# The backup holds no pg_hba.conf: only this machine may connect, with a password (md5 includes SCRAM).",
            "local all all peer",
            "host all all 127.0.0.1/32 md5",
            "host all all ::1/128 md5");

    private static final String MAIN = "postgresql.conf";

    private final TargetTree data;
    private final Access access;
    private final List<String> warnings = new ArrayList<>();

    ServerFiles(TargetTree data, Access access) {
        this.data = data;
        this.access = access;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Makes sure that there is a postgresql.conf with which the server starts on this very directory. */
    void writeMainConfiguration(Backup backup) {
        RecordedConfiguration recorded = new RecordedConfiguration(backup);
        // A file here may be the unused one of initdb: what the server was started with counts.
        if (recorded.mainFile().isPresent() || !Files.exists(data.resolve(MAIN))) {
            List<String> lines = new ArrayList<>();
            lines.add("# Written for a restore: the server's own file lay outside its data directory.");
            recorded.mainFile()
                    .ifPresentOrElse(lines::addAll, () -> lines.addAll(settings(backup.settings(), Set.of())));
            write(MAIN, pointedHere(lines));
            warnings.add("postgresql.conf lay outside the data directory: a new one holds "
                    + (recorded.mainFile().isPresent() ? "its recorded content." : "the settings that were recorded."));
            return;
        }
        InheritedSettings inherited = InheritedSettings.read(data.root(), Map.of());
        if (!inherited.missingIncludes().isEmpty()) {
            warnings.add("Files that postgresql.conf includes are absent here; their recorded content takes their place"
                    + " where there is one: " + String.join(", ", inherited.missingIncludes()));
            write(MAIN, pointedHere(recorded.withoutIncludes(readLines(data.resolve(MAIN)), data.resolve(MAIN))));
        } else if (inherited.inFiles("data_directory").isPresent()) {
            write(
                    MAIN,
                    pointedHere(readLines(data.resolve(MAIN)).stream()
                            .map(ConfLine::text)
                            .toList()));
        }
    }

    /** The server obeys data_directory before it looks at -D: an inherited line would lead it to the original's files. */
    private List<String> pointedHere(List<String> lines) {
        List<String> result = new ArrayList<>(lines);
        result.add(setting("data_directory", data.root().toString()));
        return result;
    }

    private static List<String> settings(Map<String, String> settings, Set<String> without) {
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> {
            if (!NOT_FOR_FILES.contains(name) && !without.contains(name) && !value.equals("(disabled)")) {
                lines.add(setting(name, value));
            }
        });
        return lines;
    }

    /** Makes sure that pg_hba.conf and pg_ident.conf are in the directory; returns the settings that name them. */
    Map<String, String> writeAuthentication(Backup backup, InheritedSettings inherited) {
        Map<String, String> settings = new LinkedHashMap<>();
        placeFile("hba_file", "pg_hba.conf", CAREFUL_HBA, backup, inherited, settings);
        placeFile("ident_file", "pg_ident.conf", List.of(), backup, inherited, settings);
        return settings;
    }

    private void placeFile(
            String setting,
            String name,
            List<String> otherwise,
            Backup backup,
            InheritedSettings inherited,
            Map<String, String> settings) {
        String recordedPath = backup.settings()
                .getOrDefault(setting, inherited.inFiles(setting).orElse(""));
        String content = backup.externalConfigFiles().get(recordedPath);
        if (content != null) {
            write(name, content.lines().map(ServerFiles::encode).toList());
            warnings.add(name + " lay at " + recordedPath + ": its recorded content is in the data directory now.");
        } else if (!Files.exists(data.resolve(name))) {
            write(name, otherwise);
            if (!otherwise.isEmpty()) {
                warnings.add(
                        "The backup holds no " + name + ": a careful one allows connections from this machine only.");
            }
        }
        if (inherited.inFiles(setting).isPresent()) {
            settings.put(setting, data.resolve(name).toString());
        }
    }

    /** Rewrites postgresql.auto.conf: what was there, without the names decided here, then these. */
    void writeAutoConfiguration(String heading, Map<String, String> settings) {
        Path file = data.resolve("postgresql.auto.conf");
        List<String> lines = new ArrayList<>();
        for (ConfLine line : Files.exists(file) ? readLines(file) : List.<ConfLine>of()) {
            if (line.setting().filter(s -> settings.containsKey(s.getKey())).isEmpty()) {
                lines.add(line.text());
            }
        }
        lines.add(encode("# " + heading));
        settings.forEach((name, value) -> lines.add(setting(name, value)));
        write("postgresql.auto.conf", lines);
    }

    /** Tells the server what to be. */
    void writeSignal(RestoredRole role) {
        boolean standby = role == RestoredRole.STANDBY;
        // A run that was interrupted may have had the other role, and the server prefers standby.signal.
        remove(standby ? "recovery.signal" : "standby.signal");
        write(standby ? "standby.signal" : "recovery.signal", List.of());
    }

    /** Tells the server where its tablespaces are; it makes the links itself ("Making a Base Backup Using the Low Level API"). */
    void writeTablespaceMap(SortedMap<Long, Path> tablespaces, PostgresVersion version) {
        if (!tablespaces.isEmpty()) {
            SortedMap<Long, String> locations = new TreeMap<>();
            tablespaces.forEach((oid, folder) -> locations.put(oid, folder.toString()));
            write("tablespace_map", new TablespaceMap(locations).toBytes(version));
        }
    }

    private static List<ConfLine> readLines(Path file) {
        try {
            return ConfLine.parse(InheritedSettings.readBytesAsText(file));
        } catch (IOException e) {
            throw TargetErrors.of("read", file, e);
        }
    }

    /** A line of ours among lines that were read byte for character. */
    static String encode(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String setting(String name, String value) {
        return encode(PostgresConf.line(name, value));
    }

    /** Writes lines in which each character stands for a byte. */
    private void write(String name, List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        write(name, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private void remove(String name) {
        try {
            Files.deleteIfExists(data.resolve(name));
        } catch (IOException e) {
            throw TargetErrors.of("remove", data.resolve(name), e);
        }
    }

    private void write(String name, byte[] bytes) {
        try (FileChannel channel = data.createFile(name, access)) {
            TargetTree.write(channel, bytes, bytes.length, data.resolve(name));
        } catch (IOException e) {
            throw TargetErrors.of("write", data.resolve(name), e);
        }
    }
}
