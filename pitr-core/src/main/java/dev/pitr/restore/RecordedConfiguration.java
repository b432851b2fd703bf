package dev.pitr.restore;

import dev.pitr.catalog.Backup;
import dev.pitr.postgres.PostgresConf.Include;
import dev.pitr.postgres.PostgresConf.IncludeKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration files that the backup recorded because they lay outside the data directory. Includes are replaced by
 * what they included, since their paths mean nothing here.
 */
final class RecordedConfiguration {
    private static final int MAX_DEPTH = 10;

    private final Map<String, String> files;
    private final String mainPath;

    RecordedConfiguration(Backup backup) {
        this.files = new TreeMap<>(backup.externalConfigFiles());
        this.mainPath = backup.settings().getOrDefault("config_file", "");
    }

    /** The lines of the main file, if it was recorded. */
    Optional<List<String>> mainFile() {
        return Optional.ofNullable(files.get(mainPath)).map(text -> expand(text, Path.of(mainPath), 1));
    }

    private List<String> expand(String text, Path file, int depth) {
        return expand(ConfLine.parse(ServerFiles.encode(text)), file, depth);
    }

    /** Lines of a file in the data directory, with what it includes from elsewhere put in. */
    List<String> withoutIncludes(List<ConfLine> lines, Path file) {
        return expand(lines, file, 0);
    }

    private List<String> expand(List<ConfLine> lines, Path file, int depth) {
        List<String> result = new ArrayList<>();
        for (ConfLine line : lines) {
            Optional<Path> included = line.include()
                    .map(include -> file.resolveSibling(include.path()).normalize());
            if (included.isEmpty() || (depth == 0 && Files.isReadable(included.get()))) {
                result.add(line.text());
            } else {
                result.add("#" + line.text());
                line.include().ifPresent(include -> result.addAll(contents(include, included.get(), depth + 1)));
            }
        }
        return result;
    }

    private List<String> contents(Include include, Path path, int depth) {
        List<String> result = new ArrayList<>();
        if (depth > MAX_DEPTH) {
            return result;
        }
        files.forEach((name, text) -> {
            Path recorded = Path.of(name);
            boolean isMeant = include.kind() == IncludeKind.DIRECTORY
                    ? path.equals(recorded.getParent()) && name.endsWith(".conf")
                    : path.equals(recorded);
            if (isMeant) {
                result.addAll(expand(text, recorded, depth));
            }
        });
        return result;
    }
}
