package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.storage.FileSystemStorage;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that say which repository is meant. */
final class RepositoryOptions {
    static final String REPOSITORY = "--repository";
    static final String CLUSTER = "--cluster";
    static final String DEFAULT_CLUSTER = "main";

    @Option(
            names = REPOSITORY,
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Where the repository is: file:///DIR. Default: $PITR_REPOSITORY.",
            defaultValue = "${env:PITR_REPOSITORY}")
    private @Nullable String repository;

    @Option(
            names = CLUSTER,
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "The service's name in the repository. Default: $PITR_CLUSTER, else " + DEFAULT_CLUSTER + ".",
            defaultValue = "${env:PITR_CLUSTER:-" + DEFAULT_CLUSTER + "}")
    private String cluster = DEFAULT_CLUSTER;

    Pitr open() {
        return open(repository(), cluster);
    }

    String repository() {
        if (repository == null || repository.isEmpty()) {
            throw new IllegalArgumentException(
                    "Which repository? Give " + REPOSITORY + " file:///DIR or set PITR_REPOSITORY");
        }
        return repository;
    }

    String cluster() {
        return cluster;
    }

    static Pitr open(String repository, String cluster) {
        return Pitr.at(FileSystemStorage.at(folder(repository)), cluster);
    }

    /** As {@link #open()}, making the folder where it is missing: right for {@code init} alone. */
    Pitr create() {
        return Pitr.at(FileSystemStorage.create(folder(repository())), cluster);
    }

    private static Path folder(String repository) {
        URI location = parse(repository);
        boolean isPlainPath = "file".equals(location.getScheme())
                && location.getAuthority() == null
                && location.getPath() != null
                && location.getQuery() == null
                && location.getFragment() == null;
        if (!isPlainPath) {
            // Never a guess: file://backups would name a host, and leave the current folder as the path.
            throw unusable(repository, null);
        }
        return Path.of(location.getPath());
    }

    private static URI parse(String repository) {
        try {
            return new URI(repository);
        } catch (URISyntaxException e) {
            throw unusable(repository, e);
        }
    }

    private static IllegalArgumentException unusable(String repository, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "Cannot use \"" + repository + "\" as a repository: expected file:///DIR with an absolute path,"
                        + " other characters than letters, digits and ._~/- written as %HH",
                cause);
    }
}
