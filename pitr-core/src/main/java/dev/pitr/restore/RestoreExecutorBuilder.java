package dev.pitr.restore;

import dev.pitr.catalog.Tablespace;
import dev.pitr.postgres.PostgresConf;
import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.Incarnation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Describes a restore. An option set twice fails; what is not set has the default that its method names. */
public final class RestoreExecutorBuilder {
    private static final int MAX_JOBS = 64;
    private static final int MAX_DEFAULT_JOBS = 8;

    private final RestorePlan plan;
    private final Incarnation incarnation;
    private final Path target;
    private final SortedMap<Long, Path> tablespaces = new TreeMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Set<String> set = new HashSet<>();

    private int jobs = Math.min(MAX_DEFAULT_JOBS, Runtime.getRuntime().availableProcessors());
    private RestoredRole role = RestoredRole.COPY;
    private WalDelivery wal = new WalDelivery.Served();
    private Optional<Path> serverBinaries = Optional.empty();
    private Optional<Ownership> owner = Optional.empty();
    private ProgressListener progress = ProgressListener.NONE;

    RestoreExecutorBuilder(RestorePlan plan, Incarnation incarnation, Path target) {
        this.plan = Objects.requireNonNull(plan, "plan");
        this.incarnation = Objects.requireNonNull(incarnation, "incarnation");
        this.target = usable("target", target);
        if (this.target.getFileName() == null) {
            throw new IllegalArgumentException("target is " + target + ": expected a folder below the root");
        }
    }

    /**
     * Puts one tablespace into a folder; once for each. Others go to {@code <target>-tablespaces/<oid>}, never silently to
     * where they were.
     *
     * @param oid its OID, to be read as unsigned
     * @param folder absent or empty
     * @return this
     */
    public RestoreExecutorBuilder tablespace(long oid, Path folder) {
        once("tablespace " + oid);
        check(known().contains(oid), "tablespace", "one of " + known(), oid);
        tablespaces.put(oid, usable("tablespace " + oid, folder));
        return this;
    }

    /**
     * Sets how many parts are fetched and unpacked at once.
     *
     * @param threads 1 to 64; by default the number of processors, at most 8
     * @return this
     */
    public RestoreExecutorBuilder jobs(int threads) {
        once("jobs");
        check(threads >= 1 && threads <= MAX_JOBS, "jobs", "1 to " + MAX_JOBS, threads);
        jobs = threads;
        return this;
    }

    /**
     * Sets what the restored server shall be.
     *
     * @param what by default an independent copy
     * @return this
     */
    public RestoreExecutorBuilder role(RestoredRole what) {
        once("role");
        role = Objects.requireNonNull(what, "what");
        return this;
    }

    /**
     * Sets how the server gets its WAL.
     *
     * @param delivery by default served by this process
     * @return this
     */
    public RestoreExecutorBuilder wal(WalDelivery delivery) {
        once("wal");
        wal = Objects.requireNonNull(delivery, "delivery");
        return this;
    }

    /**
     * Adds a setting of the restored server, once for each name. It wins over inherited ones, and over those that were
     * neutralised.
     *
     * @param name such as {@code port}
     * @param value unquoted, in one line
     * @return this
     */
    public RestoreExecutorBuilder setting(String name, String value) {
        once("setting " + name);
        PostgresConf.line(name, value);
        check(!name.equals("restore_command"), "setting", "any but restore_command, see wal()", name);
        check(!plan.recoverySettings().containsKey(name), "setting", "none that the plan decides", name);
        settings.put(name, value);
        return this;
    }

    /**
     * Names the server's binaries, so that preflight can check them and the start command names them.
     *
     * @param folder the folder that holds {@code postgres}
     * @return this
     */
    public RestoreExecutorBuilder serverBinaries(Path folder) {
        once("serverBinaries");
        serverBinaries = Optional.of(folder.toAbsolutePath().normalize());
        return this;
    }

    /**
     * Gives everything restored to a user, as root must. By default it belongs to the user of this process.
     *
     * @param user {@code user}, whose group has the same name, or {@code user:group}, of this machine
     * @return this
     */
    public RestoreExecutorBuilder owner(String user) {
        once("owner");
        owner = Optional.of(Ownership.of(user));
        return this;
    }

    /**
     * Sets who hears of progress.
     *
     * @param listener by default nobody
     * @return this
     */
    public RestoreExecutorBuilder progress(ProgressListener listener) {
        once("progress");
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Checks the options.
     *
     * @return the restore, not started
     * @throws IllegalArgumentException if one of the folders lies in another, or the incarnation is another cluster's
     */
    public RestoreExecutor build() {
        check(
                incarnation.identity().equals(plan.identity()),
                "incarnation",
                "that of " + plan.identity(),
                incarnation.identity());
        SortedMap<Long, Path> folders = new TreeMap<>(tablespaces);
        for (long oid : known()) {
            folders.putIfAbsent(
                    oid, RestoreOptions.sibling(target, "-tablespaces").resolve(Long.toString(oid)));
        }
        RestoreOptions options = new RestoreOptions(
                plan,
                incarnation,
                target,
                Collections.unmodifiableSortedMap(folders),
                jobs,
                role,
                wal,
                Collections.unmodifiableMap(new LinkedHashMap<>(settings)),
                serverBinaries,
                owner,
                progress);
        requireApart(options);
        return new RestoreExecutor(options);
    }

    private List<Long> known() {
        return plan.backup().tablespaces().stream()
                .map(Tablespace::oid)
                .map(Integer::toUnsignedLong)
                .toList();
    }

    private static void requireApart(RestoreOptions options) {
        List<Path> folders = new ArrayList<>(options.tablespaces().values());
        folders.add(options.target());
        folders.add(options.walFolder());
        for (int i = 0; i < folders.size(); i++) {
            for (int j = 0; j < folders.size(); j++) {
                if (i != j && folders.get(i).startsWith(folders.get(j))) {
                    throw new IllegalArgumentException("Cannot restore into " + folders.get(i) + ": it lies in "
                            + folders.get(j) + ", which is filled too");
                }
            }
        }
    }

    /** A path that can stand in tablespace_map and in settings. */
    private static Path usable(String option, Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        boolean plain = absolute.toString().chars().noneMatch(Character::isISOControl);
        check(plain, option, "a path without control characters", absolute);
        return absolute;
    }

    private void once(String option) {
        if (!set.add(option)) {
            throw new IllegalStateException(option + " is set twice");
        }
    }

    private static void check(boolean holds, String option, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(option + " is " + value + ": expected " + expected);
        }
    }
}
