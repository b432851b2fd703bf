package dev.pitr.archive;

import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link ArchiveServer} does with the questions that it meets, and ahead of them. */
final class ArchiveQueue implements SpoolWatch.Service {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveQueue.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int MAX_MESSAGE_LENGTH = 1000;

    /**
     * How far archiving runs ahead.
     *
     * @param ahead files that are archived before they are asked for
     * @param atOnce files archived at the same time
     */
    record Window(int ahead, int atOnce) {}

    /** How archiving ended. */
    private record Archived(
            String name, String inode, @Nullable PitrException error) {}

    private final Spool spool;
    private final Path walDirectory;
    private final WalArchiver archiver;
    private final Window window;
    private final SpoolWatch threads;
    private final Queue<Archived> reports = new ConcurrentLinkedQueue<>();

    // Of the thread that looks alone.
    private final Set<String> onTheirWay = new HashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Map<String, String> archived = new HashMap<>();
    private Deque<String> behind = new ArrayDeque<>();
    private long lastLook = System.nanoTime() - LOOK_NANOS;
    private boolean isHeldUp;

    private volatile @Nullable String lastArchived;
    private volatile @Nullable PitrException fault;

    ArchiveQueue(Spool spool, Path walDirectory, WalArchiver archiver, Window window) {
        this.spool = spool;
        this.walDirectory = walDirectory;
        this.archiver = archiver;
        this.window = window;
        // One more than archive ahead, so that what is asked for never waits for them.
        this.threads = new SpoolWatch(spool, "pitr-archive-server", window.atOnce() + 1, this);
    }

    void start() {
        threads.start();
    }

    void stop() {
        threads.stop();
    }

    Optional<String> lastArchived() {
        return Optional.ofNullable(lastArchived);
    }

    Optional<PitrException> fault() {
        return Optional.ofNullable(fault);
    }

    @Override
    public void look() throws IOException {
        takeReports();
        takeQuestions();
        archiveAhead();
    }

    @Override
    public void failed(Exception e) {
        fault = new PitrException("archive.serve", "Cannot serve an archive_command: " + e, e);
    }

    private void takeReports() throws IOException {
        for (Archived report = reports.poll(); report != null; report = reports.poll()) {
            onTheirWay.remove(report.name());
            // A server that has stopped asking meanwhile was answered, or is gone.
            boolean isAwaited = asked.remove(report.name())
                    && !spool.question(report.name()).isEmpty();
            if (report.error() == null) {
                archived.put(report.name(), report.inode());
                spool.publish(report.name(), report.inode());
            } else if (isAwaited) {
                fail(report.name(), report.error());
            }
            if (isAwaited || report.error() != null) {
                fault = isAwaited ? report.error() : fault;
                isHeldUp = report.error() != null;
            }
        }
    }

    private void fail(String name, PitrException error) throws IOException {
        LOG.warn("The server is told that {} is not archived: {}", name, error.getMessage());
        String message = String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
        String shown = message.substring(0, Math.min(message.length(), MAX_MESSAGE_LENGTH));
        spool.answer(name, Optional.of("fault " + error.code() + ": " + shown));
    }

    private void takeQuestions() throws IOException {
        for (String name : spool.openQuestions()) {
            String inode = spool.question(name);
            boolean isAnswered = inode.isEmpty() || (inode.equals(archived.get(name)) && spool.isReady(name));
            if (!isAnswered && asked.add(name) && !onTheirWay.contains(name)) {
                archived.remove(name);
                spool.withdraw(name);
                archive(name, inode);
            }
        }
        noteTaken();
    }

    /** What the server's command took away, it was told. */
    private void noteTaken() {
        for (String name : List.copyOf(archived.keySet())) {
            if (!spool.isReady(name)) {
                archived.remove(name);
                lastArchived = name;
            }
        }
    }

    private void archiveAhead() throws IOException {
        int room = window.ahead() - archived.size();
        if (isHeldUp || room <= 0) {
            return;
        }
        if (behind.isEmpty() && System.nanoTime() - lastLook >= LOOK_NANOS) {
            lastLook = System.nanoTime();
            List<String> ready = ReadyNames.of(walDirectory);
            withdrawAllBut(Set.copyOf(ready));
            behind = new ArrayDeque<>(ready.subList(0, Math.min(ready.size(), 2 * window.ahead())));
        }
        while (!behind.isEmpty() && onTheirWay.size() < Math.min(room, window.atOnce())) {
            String name = behind.removeFirst();
            // The one just taken stays marked until the server has seen its command return.
            if (!archived.containsKey(name) && !onTheirWay.contains(name) && !name.equals(lastArchived)) {
                archive(name, "");
            }
        }
    }

    /** A word that nobody took: the server got another one, or its answer by another way. */
    private void withdrawAllBut(Set<String> ready) throws IOException {
        for (String name : List.copyOf(archived.keySet())) {
            if (!ready.contains(name)) {
                archived.remove(name);
                spool.withdraw(name);
            }
        }
    }

    /** An empty inode is that of whatever file lies there. */
    private void archive(String name, String inode) {
        onTheirWay.add(name);
        threads.work(() -> reports.add(archived(name, inode)));
    }

    private Archived archived(String name, String expected) {
        try {
            Path file = walDirectory.resolve(name);
            String inode = inodeOf(file);
            if (!expected.isEmpty() && !expected.equals(inode)) {
                throw new PitrException(
                        "archive.other-server",
                        "the server that asks has another " + name + " than lies in " + walDirectory
                                + ". A folder serves one server: give this one a folder and an archive of its own.");
            }
            archiver.archive(file);
            if (!inodeOf(file).equals(inode)) {
                throw new PitrException("archive.unreadable", file + " was replaced while it was archived. Try again.");
            }
            return new Archived(name, inode, null);
        } catch (PitrException e) {
            return new Archived(name, expected, e);
        } catch (NoSuchFileException e) {
            return new Archived(
                    name, expected, new PitrException("archive.unreadable", name + " is not in " + walDirectory, e));
        } catch (IOException | RuntimeException | Error e) {
            return new Archived(
                    name, expected, new PitrException("archive.unreadable", "Cannot archive " + name + ": " + e, e));
        }
    }

    private static String inodeOf(Path file) throws IOException {
        return String.valueOf(Files.getAttribute(file, "unix:ino"));
    }
}
