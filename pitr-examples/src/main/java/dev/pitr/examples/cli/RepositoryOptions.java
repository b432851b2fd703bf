package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.storage.StorageUrl;
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
            description = "Where the repository is: file:///DIR, s3://BUCKET/PREFIX or gs://BUCKET/PREFIX. Default:"
                    + " $PITR_REPOSITORY.",
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
                    "Which repository? Give " + REPOSITORY + " file:///DIR, or set PITR_REPOSITORY");
        }
        return repository;
    }

    String cluster() {
        return cluster;
    }

    static Pitr open(String repository, String cluster) {
        return Pitr.at(StorageUrl.parse(repository).open(), cluster);
    }

    /** As {@link #open()}, making the folder where it is missing: right for {@code init} alone. */
    Pitr create() {
        return Pitr.at(StorageUrl.parse(repository()).create(), cluster);
    }
}
