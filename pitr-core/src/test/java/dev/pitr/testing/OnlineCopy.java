package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** A copy of a running server's files by the low-level backup functions, independent of the code under test. */
public final class OnlineCopy {
    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");
    private static final Set<String> CONTENTS_LEFT_OUT = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp");

    private final Path from;
    private final Path to;

    private OnlineCopy(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies a server's cluster; the copy has a backup label and its own tablespace folders beside it.
     *
     * @param server a running server
     * @param target the copy's data directory
     */
    public static void of(PostgresServer server, Path target) {
        boolean named = server.version().isAtLeast(PostgresVersion.V15);
        String start = named ? "select pg_backup_start('copy', true)" : "select pg_start_backup('copy', true, false)";
        String stop = named
                ? "select labelfile from pg_backup_stop(false)"
                : "select labelfile from pg_stop_backup(false, false)";
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(start);
            new OnlineCopy(server.dataDirectory(), target).copy();
            try (ResultSet label = statement.executeQuery(stop)) {
                label.next();
                Files.write(target.resolve("backup_label"), label.getString(1).getBytes(StandardCharsets.UTF_8));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy() throws IOException {
        copyTree(from, to);
        Path links = from.resolve("pg_tblspc");
        for (Path link : entries(links)) {
            if (Files.isSymbolicLink(link)) {
                String oid = link.getFileName().toString();
                Path folder = to.resolveSibling(to.getFileName() + "-tablespace-" + oid);
                copyTree(link.toRealPath(), folder);
                Files.createSymbolicLink(to.resolve("pg_tblspc").resolve(oid), folder);
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(folder).toString());
                Files.createDirectories(target);
                Files.getFileAttributeView(target, PosixFileAttributeView.class)
                        .setPermissions(PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = from.relativize(file);
                boolean wanted = attributes.isRegularFile()
                        && !LEFT_OUT.contains(relative.toString())
                        && !CONTENTS_LEFT_OUT.contains(relative.getName(0).toString());
                if (wanted) {
                    try {
                        Files.copy(file, to.resolve(relative.toString()));
                    } catch (NoSuchFileException e) {
                        // The server removes files while it runs; recovery knows.
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
