package dev.pitr.restore;

import dev.pitr.error.CancelledException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Asks an installation of PostgreSQL whether the restored cluster will start on it. */
final class ServerCheck {
    private static final Pattern VERSION = Pattern.compile("PostgreSQL\\) (\\d+)");
    private static final long PATIENCE_SECONDS = 20;

    private final RestoreOptions options;
    private final List<Finding> findings = new ArrayList<>();

    private ServerCheck(RestoreOptions options) {
        this.options = options;
    }

    static List<Finding> check(RestoreOptions options) {
        ServerCheck check = new ServerCheck(options);
        options.serverBinaries().ifPresent(check::checkBinaries);
        check.checkCollations();
        return check.findings;
    }

    private void checkBinaries(Path folder) {
        Path postgres = folder.resolve("postgres");
        if (!Files.isExecutable(postgres)) {
            findings.add(Finding.error(
                    "restore.no-server", "Cannot run " + postgres + ": it is not there or not executable."));
            return;
        }
        String answer = run(postgres.toString(), "--version").orElse("");
        Matcher version = VERSION.matcher(answer);
        int expected = options.plan().identity().version().major();
        if (!version.find()) {
            findings.add(Finding.error(
                    "restore.no-server", "Cannot tell the version of " + postgres + ": --version gave no answer."));
        } else if (Integer.parseInt(version.group(1)) != expected) {
            findings.add(Finding.error(
                    "restore.other-major",
                    "Cannot restore for " + postgres + ": it is PostgreSQL " + version.group(1)
                            + ", the backup is of PostgreSQL " + expected + ". Name binaries of that major version."));
        }
        options.backup().preloadLibraries().forEach(library -> checkLibrary(folder, library));
    }

    private void checkLibrary(Path binaries, String library) {
        if (options.settings().containsKey("shared_preload_libraries")) {
            return;
        }
        String name = library.replace("$libdir/", "");
        if (libraryFolders(binaries).noneMatch(f -> isLibrary(f, name))) {
            findings.add(Finding.error(
                    "restore.no-library",
                    "The server will not start: it preloads " + library + ", which is not in the library folder of "
                            + binaries + ". Install it, or set shared_preload_libraries for the restored server."));
        }
    }

    private static boolean isLibrary(Path folder, String name) {
        return Stream.of("", ".so", ".dylib").anyMatch(suffix -> Files.isRegularFile(folder.resolve(name + suffix)));
    }

    /** Where an installation keeps its libraries: {@code pkglibdir}, told by pg_config or by the usual layouts. */
    private static Stream<Path> libraryFolders(Path binaries) {
        Path pgConfig = binaries.resolve("pg_config");
        Optional<Path> told = Files.isExecutable(pgConfig)
                ? run(pgConfig.toString(), "--pkglibdir").map(line -> Path.of(line.strip()))
                : Optional.empty();
        return Stream.concat(
                told.stream(),
                Stream.of("../lib", "../lib/postgresql", "../lib64")
                        .map(f -> binaries.resolve(f).normalize()));
    }

    private void checkCollations() {
        Map<String, String> recorded = options.backup().collationVersions();
        Optional<String> libc = run("getconf", "GNU_LIBC_VERSION")
                .map(text -> text.replace("glibc", "").strip());
        List<String> open = new ArrayList<>();
        recorded.forEach((provider, version) -> {
            if (!provider.endsWith("libc") || !libc.equals(Optional.of(version))) {
                open.add(provider + " " + version);
            }
        });
        if (!open.isEmpty()) {
            findings.add(Finding.warning(
                    "restore.collation",
                    "Indexes on text are right only under the collation versions of the backed-up server: "
                            + String.join(", ", open)
                            + libc.map(v -> ". This machine has libc " + v).orElse("")
                            + ". After the start compare pg_collation.collversion with pg_collation_actual_version(oid),"
                            + " and reindex where they differ."));
        }
    }

    /** The first line that a program prints; empty if it can't be run. */
    private static Optional<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try {
                String output = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
                boolean succeeded = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                return succeeded ? output.lines().findFirst() : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("The preflight of a restore");
        }
    }
}
