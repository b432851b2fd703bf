package dev.pitr.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hard links of one filesystem: whether they work there, and how they are made. */
final class HardLinks {
    private final StagingFolder staging;
    private final Operation operation;
    private volatile boolean proven;

    HardLinks(StagingFolder staging, Operation operation) {
        this.staging = staging;
        this.operation = operation;
    }

    /** Gives a file a second name; fails with {@link FileAlreadyExistsException} if the name is taken. */
    @FunctionalInterface
    interface Operation {
        void link(Path name, Path file) throws IOException;
    }

    Operation operation() {
        return operation;
    }

    /** Tries it out, until it has worked once: a link must be the same file and must not replace another. */
    boolean work() throws IOException {
        if (!proven) {
            proven = probe();
        }
        return proven;
    }

    private boolean probe() throws IOException {
        try (StagedFile file = staging.create();
                StagedFile taken = staging.create()) {
            Path name = file.path().resolveSibling(file.path().getFileName() + ".link");
            return linksTo(file, name) && refusesToReplace(file, taken);
        }
    }

    private boolean linksTo(StagedFile file, Path name) throws IOException {
        try {
            operation.link(name, file.path());
            return file.isSameFileAs(name);
        } catch (IOException | UnsupportedOperationException e) {
            // Which errors mean "can't" differs between filesystems, and their words between languages. A network
            // filesystem may have done it and lost the reply.
            return file.isSameFileAs(name);
        } finally {
            Files.deleteIfExists(name);
        }
    }

    private boolean refusesToReplace(StagedFile file, StagedFile taken) throws IOException {
        try {
            operation.link(taken.path(), file.path());
            return false;
        } catch (FileAlreadyExistsException e) {
            return taken.isSameFileAs(taken.path());
        } catch (IOException e) {
            return false;
        }
    }
}
