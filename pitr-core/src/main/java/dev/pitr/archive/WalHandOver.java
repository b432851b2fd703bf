package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link WalServer} does with the questions that it meets, and ahead of them. */
final class WalHandOver implements SpoolWatch.Service {
    private static final Logger LOG = LoggerFactory.getLogger(WalHandOver.class);

    /**
     * How far fetching runs ahead.
     *
     * @param ahead segments that may lie ready or be on their way
     * @param atOnce segments fetched ahead at the same time
     */
    record Window(int ahead, int atOnce) {}

    /** How a fetch ended: a null outcome is a failure. */
    private record Fetched(
            WalFileName name,
            boolean asked,
            @Nullable FetchOutcome outcome,
            @Nullable PitrException error) {}

    private final Spool spool;
    private final WalSource source;
    private final PlannedWal planned;
    private final Window window;
    private final SpoolWatch threads;
    private final Queue<Fetched> reports = new ConcurrentLinkedQueue<>();

    // Of the thread that looks alone.
    private final Map<WalFileName, Boolean> onTheirWay = new HashMap<>();
    private final Set<WalFileName> ready = new HashSet<>();
    private final Set<WalFileName> failedAhead = new HashSet<>();
    private int next;

    private volatile @Nullable String lastHandedOver;
    private volatile @Nullable PitrException lastFault;

    WalHandOver(Spool spool, WalSource source, PlannedWal planned, Window window) {
        this.spool = spool;
        this.source = source;
        this.planned = planned;
        this.window = window;
        // One more than fetch ahead, for what is asked for out of turn.
        this.threads = new SpoolWatch(spool, "pitr-wal-server", window.atOnce() + 1, this);
    }

    void start() {
        threads.start();
    }

    void stop() {
        threads.stop();
    }

    Optional<String> lastHandedOver() {
        return Optional.ofNullable(lastHandedOver);
    }

    Optional<PitrException> lastFault() {
        return Optional.ofNullable(lastFault);
    }

    @Override
    public void look() throws IOException {
        takeReports();
        noteTaken();
        Set<WalFileName> asked = answerQuestions();
        withdrawUnneeded(asked);
        fetchAhead();
    }

    @Override
    public void failed(Exception e) {
        lastFault = new PitrException("archive.serve", "Cannot serve WAL: " + e, e);
    }

    private void takeReports() throws IOException {
        for (Fetched report = reports.poll(); report != null; report = reports.poll()) {
            onTheirWay.remove(report.name());
            if (report.outcome() == FetchOutcome.FETCHED) {
                ready.add(report.name());
            } else if (report.asked()) {
                answer(report);
            } else {
                failedAhead.add(report.name());
                LOG.debug(
                        "Cannot fetch {} ahead, it is tried again when asked for",
                        report.name().name());
            }
        }
    }

    private void answer(Fetched report) throws IOException {
        String name = report.name().name();
        if (report.outcome() == FetchOutcome.ABSENT && !planned.contains(report.name())) {
            spool.answer(name, Optional.of("absent"));
            return;
        }
        PitrException error = report.error() != null ? report.error() : new WalMissingException(report.name(), source);
        lastFault = error;
        failedAhead.add(report.name());
        LOG.warn("The recovering server is told of a fault when it asks for {}: {}", name, error.getMessage());
        spool.answer(name, Optional.of("fault"));
    }

    private void noteTaken() throws IOException {
        int furthest = -1;
        for (WalFileName name : List.copyOf(ready)) {
            if (!spool.isReady(name.name())) {
                ready.remove(name);
                spool.answer(name.name(), Optional.empty());
                furthest = Math.max(furthest, planned.indexOf(name).orElse(-1));
            }
        }
        if (furthest >= 0) {
            next = furthest + 1;
            lastHandedOver = planned.segments().get(furthest).name();
        }
    }

    /** Returns what is asked for and not yet answered. */
    private Set<WalFileName> answerQuestions() throws IOException {
        Set<WalFileName> asked = new HashSet<>();
        for (String question : spool.openQuestions()) {
            Optional<WalFileName> name = WalFileName.find(question, planned.segmentSize());
            if (name.isEmpty() || !planned.admits(name.get())) {
                // Without a valid name such as the history of timeline 1, which the server asks for and nobody writes.
                spool.answer(question, Optional.of("absent"));
            } else {
                asked.add(name.get());
                planned.indexOf(name.get()).ifPresent(index -> next = index);
                failedAhead.remove(name.get());
                fetch(name.get(), true);
            }
        }
        return asked;
    }

    private void withdrawUnneeded(Set<WalFileName> asked) throws IOException {
        for (WalFileName name : List.copyOf(ready)) {
            OptionalInt index = planned.indexOf(name);
            boolean isAhead = index.isPresent() && index.getAsInt() >= next && index.getAsInt() < next + window.ahead();
            if (!isAhead && !asked.contains(name)) {
                ready.remove(name);
                spool.withdraw(name.name());
            }
        }
    }

    private void fetchAhead() {
        int end = Math.min(planned.segments().size(), next + window.ahead());
        long started = onTheirWay.values().stream().filter(asked -> !asked).count();
        for (int i = next; i < end && started < window.atOnce(); i++) {
            WalFileName name = new WalFileName.Segment(planned.segments().get(i));
            if (!failedAhead.contains(name) && fetch(name, false)) {
                started++;
            }
        }
    }

    private boolean fetch(WalFileName name, boolean asked) {
        if (ready.contains(name) || onTheirWay.containsKey(name)) {
            return false;
        }
        onTheirWay.put(name, asked);
        threads.work(() -> reports.add(fetched(name, asked)));
        return true;
    }

    private Fetched fetched(WalFileName name, boolean asked) {
        try {
            WalFetcher fetcher = new WalFetcher(source, spool.files());
            return new Fetched(name, asked, fetcher.fetch(name, spool.readyFile(name.name())), null);
        } catch (PitrException e) {
            return new Fetched(name, asked, null, e);
        } catch (RuntimeException | Error e) {
            return new Fetched(
                    name, asked, null, new PitrException("archive.fetch", "Cannot fetch " + name.name() + ": " + e, e));
        }
    }
}
