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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watching thread of {@link WalServer}: it alone decides and keeps the state; fetching threads report to it. */
final class WalHandOver {
    private static final Logger LOG = LoggerFactory.getLogger(WalHandOver.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

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
    private final ExecutorService fetching;
    private final Thread watching = new Thread(this::watch, "pitr-wal-server");
    private final Queue<Fetched> reports = new ConcurrentLinkedQueue<>();

    // Of the watching thread alone.
    private final Map<WalFileName, Boolean> onTheirWay = new HashMap<>();
    private final Set<WalFileName> ready = new HashSet<>();
    private final Set<WalFileName> failedAhead = new HashSet<>();
    private int next;

    private volatile boolean stopped;
    private volatile @Nullable String lastHandedOver;
    private volatile @Nullable PitrException lastFault;

    WalHandOver(Spool spool, WalSource source, PlannedWal planned, Window window) {
        this.spool = spool;
        this.source = source;
        this.planned = planned;
        this.window = window;
        AtomicInteger count = new AtomicInteger();
        // One more than fetch ahead, for what is asked for out of turn.
        this.fetching = Executors.newFixedThreadPool(
                window.atOnce() + 1, task -> daemon(new Thread(task, "pitr-wal-fetch-" + count.incrementAndGet())));
    }

    private static Thread daemon(Thread thread) {
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        daemon(watching).start();
    }

    /** Returns when no thread of this runs any more; one that can't be interrupted is waited for ten seconds. */
    void stop() {
        stopped = true;
        LockSupport.unpark(watching);
        fetching.shutdownNow();
        try {
            watching.join(STOP_MILLIS);
            if (!fetching.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("Fetching of WAL goes on in the background, since it can't be interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<String> lastHandedOver() {
        return Optional.ofNullable(lastHandedOver);
    }

    Optional<PitrException> lastFault() {
        return Optional.ofNullable(lastFault);
    }

    private void watch() {
        long lastBeat = System.nanoTime();
        while (!stopped) {
            try {
                if (System.nanoTime() - lastBeat >= BEAT_NANOS) {
                    lastBeat = System.nanoTime();
                    spool.beat();
                }
                takeReports();
                noteTaken();
                Set<WalFileName> asked = answerQuestions();
                withdrawUnneeded(asked);
                fetchAhead();
            } catch (IOException | RuntimeException e) {
                // Without beats the waiting shell gives up with a fault, which is right as long as this doesn't pass.
                lastFault = new PitrException("archive.serve", "Cannot serve WAL: " + e, e);
                LOG.warn("Cannot serve WAL, trying again", e);
                LockSupport.parkNanos(BEAT_NANOS);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
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
        fetching.execute(() -> {
            reports.add(fetched(name, asked));
            LockSupport.unpark(watching);
        });
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
