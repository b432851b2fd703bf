package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.util.Arrays;
import java.util.List;

/** The versions that this run of the tests covers; a source for {@code @MethodSource}. */
public final class PostgresVersions {
    /** The name of the system property, a comma-separated list of major versions. */
    public static final String PROPERTY = "pitr.test.versions";

    private PostgresVersions() {}

    /**
     * Returns the selected versions.
     *
     * @return at least one, 18 unless the system property says otherwise
     */
    public static List<PostgresVersion> selected() {
        return Arrays.stream(System.getProperty(PROPERTY, "18").split(","))
                .map(major -> PostgresVersion.ofMajor(Integer.parseInt(major.strip())))
                .toList();
    }

    /**
     * Returns the newest selected version, for tests that don't depend on it.
     *
     * @return the greatest of {@link #selected()}
     */
    public static PostgresVersion newest() {
        return selected().stream().max(PostgresVersion::compareTo).orElseThrow();
    }
}
