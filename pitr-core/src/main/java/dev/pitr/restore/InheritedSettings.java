package dev.pitr.restore;

import dev.pitr.postgres.PostgresConf;
import dev.pitr.postgres.PostgresConf.Include;
import dev.pitr.postgres.PostgresConf.IncludeKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings that the restored server would take from the files of its data directory, and, where these say nothing,
 * those that the backup recorded of the running server.
 */
final class InheritedSettings {
    private static final int MAX_INCLUDE_DEPTH = 10;

    private final Path dataDirectory;
    private final Map<String, String> recorded;
    private final Map<String, String> inFiles = new LinkedHashMap<>();
    private final List<String> missingIncludes = new ArrayList<>();

    private InheritedSettings(Path dataDirectory, Map<String, String> recorded) {
        this.dataDirectory = dataDirectory;
        this.recorded = recorded;
    }

    static InheritedSettings read(Path dataDirectory, Map<String, String> recorded) {
        InheritedSettings settings = new InheritedSettings(dataDirectory, recorded);
        settings.readFile(dataDirectory.resolve("postgresql.conf"), 0);
        settings.readFile(dataDirectory.resolve("postgresql.auto.conf"), 0);
        return settings;
    }

    /** The value that would hold, as far as it can be known; empty if only the default would. */
    Optional<String> value(String name) {
        String value = inFiles.get(name);
        return Optional.ofNullable(value == null ? recorded.get(name) : value);
    }

    /** The value with which the backed-up server ran. */
    Optional<String> recorded(String name) {
        return Optional.ofNullable(recorded.get(name));
    }

    /** The value that stands in a file of the data directory. */
    Optional<String> inFiles(String name) {
        return Optional.ofNullable(inFiles.get(name));
    }

    /** Files that are included and absent here: the server would refuse to start. */
    List<String> missingIncludes() {
        return List.copyOf(missingIncludes);
    }

    private void readFile(Path file, int depth) {
        if (depth > MAX_INCLUDE_DEPTH || !Files.isRegularFile(file)) {
            return;
        }
        try {
            PostgresConf conf = PostgresConf.parse(readBytesAsText(file));
            conf.settings().forEach((name, value) -> inFiles.put(name, decode(value)));
            for (Include include : conf.includes()) {
                follow(include.kind(), file.resolveSibling(decode(include.path())), depth);
            }
        } catch (IOException e) {
            throw TargetErrors.of("read", file, e);
        }
    }

    /**
     * Reads a file byte for character: what is not UTF-8 may stand in it, and ISO 8859-1 reads and writes any byte
     * unchanged.
     */
    static String readBytesAsText(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static String decode(String bytesAsText) {
        return new String(bytesAsText.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void follow(IncludeKind kind, Path path, int depth) throws IOException {
        if (kind == IncludeKind.DIRECTORY) {
            includeFolder(path, depth);
            return;
        }
        if (kind == IncludeKind.FILE && !Files.isReadable(path)) {
            missingIncludes.add(path.toString());
        }
        readFile(path, depth + 1);
    }

    private void includeFolder(Path folder, int depth) throws IOException {
        if (!Files.isDirectory(folder)) {
            missingIncludes.add(folder.toString());
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(f -> isIncluded(f.getFileName().toString())).sorted().forEach(f -> readFile(f, depth + 1));
        }
    }

    private static boolean isIncluded(String fileName) {
        return fileName.endsWith(".conf") && !fileName.startsWith(".");
    }

    Path dataDirectory() {
        return dataDirectory;
    }
}
