package dev.pitr.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Makes what was restored survive a power failure. */
final class TreeSync {
    private TreeSync() {}

    /** Forces every file and folder below a root, and the root's own entry in its parent, to disk. */
    static void sync(Path root, int jobs) {
        try (Stream<Path> paths = Files.walk(root)) {
            Parallel.<Path>forEach(
                    jobs, items -> paths.filter(p -> !Files.isSymbolicLink(p)).forEach(items), TreeSync::force);
        } catch (IOException e) {
            throw TargetErrors.of("walk", root, e);
        } catch (UncheckedIOException e) {
            throw TargetErrors.of("walk", root, new IOException(e.getMessage(), e));
        }
        Path parent = root.getParent();
        if (parent != null) {
            force(parent);
        }
    }

    /** Forces one file or folder to disk. */
    static void force(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        } catch (IOException e) {
            throw TargetErrors.of("make durable", path, e);
        }
    }
}
