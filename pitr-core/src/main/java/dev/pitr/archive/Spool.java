package dev.pitr.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder through which this process and a line of sh talk that a PostgreSQL server runs: {@link WalServer} and
 * {@link RestoreCommand#served}, or {@link ArchiveServer} and {@link ArchiveCommand}.
 *
 * <ul>
 *   <li>{@code ready/<name>}: what the line takes away: a whole WAL file, or the word that one is archived
 *   <li>{@code ask/<name>}: {@code asked} and perhaps more, written by the line; replaced by the answer, such as
 *       {@code absent} or {@code fault}
 *   <li>{@code alive}: a number that changes each second; missing when nobody serves
 *   <li>{@code lock}: held by the serving process
 * </ul>
 */
final class Spool implements AutoCloseable {
    private static final String ASKED = "asked";

    private final Path folder;
    private final Path ready;
    private final Path ask;
    private final Path answers;
    private final FileChannel lockChannel;
    private final AtomicFile files;
    private final boolean isOurs;
    private long beats;

    private Spool(Path folder, FileChannel lockChannel, boolean isOurs) throws IOException {
        this.folder = folder;
        this.isOurs = isOurs;
        this.lockChannel = lockChannel;
        this.ready = folder.resolve("ready");
        this.ask = folder.resolve("ask");
        this.answers = folder.resolve("answers");
        this.files = new AtomicFile(false, ownerToGive());
        for (Path part : List.of(ready, ask, answers)) {
            delete(part);
            Files.createDirectory(part);
            give(part);
        }
        beat();
    }

    /** Takes the folder over; what an earlier process left in it is removed. */
    static Spool open(Path folder) throws IOException {
        boolean isOurs = Files.notExists(folder);
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new FileSystemException(folder.toString(), null, "another process serves it");
            }
            return new Spool(folder, channel, isOurs);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new FileSystemException(folder.toString(), null, "this process serves it already");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A process of root's makes its files those of the folder's owner, since the server, who takes them, is no root. */
    private @Nullable UserPrincipal ownerToGive() throws IOException {
        if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            return null;
        }
        UserPrincipal owner = Files.getOwner(folder);
        return owner.equals(Files.getOwner(folder.resolve("lock"))) ? null : owner;
    }

    private void give(Path path) throws IOException {
        if (files.owner() != null) {
            Files.setOwner(path, files.owner());
        }
    }

    AtomicFile files() {
        return files;
    }

    Path readyFile(String name) {
        return ready.resolve(name);
    }

    boolean isReady(String name) {
        return Files.exists(readyFile(name));
    }

    void withdraw(String name) throws IOException {
        Files.deleteIfExists(readyFile(name));
    }

    /** The names that are asked for and neither answered nor taken yet. */
    List<String> openQuestions() throws IOException {
        try (Stream<Path> questions = Files.list(ask)) {
            return questions
                    .filter(Spool::isOpen)
                    .map(question -> question.getFileName().toString())
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    // Empty is a question that is just being written.
    private static boolean isOpen(Path question) {
        try {
            String text = Files.readString(question).strip();
            return text.isEmpty() || text.startsWith(ASKED);
        } catch (IOException e) {
            return false;
        }
    }

    /** What follows the word {@code asked}; empty while the question is being written, or gone. */
    String question(String name) throws IOException {
        try {
            String text = Files.readString(ask.resolve(name)).strip();
            return text.startsWith(ASKED) ? text.substring(ASKED.length()).strip() : "";
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Lays a word ready. */
    void publish(String name, String word) throws IOException {
        replace(readyFile(name), word);
    }

    void answer(String name, Optional<String> answer) throws IOException {
        if (answer.isEmpty()) {
            Files.deleteIfExists(ask.resolve(name));
        } else {
            replace(ask.resolve(name), answer.get());
        }
    }

    void beat() throws IOException {
        replace(folder.resolve("alive"), Long.toString(++beats));
    }

    private void replace(Path file, String text) throws IOException {
        Path temporary = answers.resolve(file.getFileName());
        Files.writeString(temporary, text + "\n");
        give(temporary);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Shells that wait notice at once that {@code alive} is gone. Again: nothing, since it may be another's by now. */
    @Override
    public void close() throws IOException {
        if (!lockChannel.isOpen()) {
            return;
        }
        try (lockChannel) {
            for (Path part : List.of(folder.resolve("alive"), ready, ask, answers, folder.resolve("lock"))) {
                delete(part);
            }
        }
        if (isOurs) {
            try {
                Files.deleteIfExists(folder);
            } catch (FileSystemException e) {
                // Not empty: somebody keeps other things in it.
            }
        }
    }

    private static void delete(Path part) throws IOException {
        if (Files.isDirectory(part)) {
            try (Stream<Path> files = Files.list(part)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(part);
    }
}
