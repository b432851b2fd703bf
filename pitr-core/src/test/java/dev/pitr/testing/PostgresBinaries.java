package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The server programs ({@code initdb}, {@code pg_ctl}, {@code postgres}) of each major version, unpacked once per machine
 * and user from the jars that the build lays out.
 *
 * <p>Safe for concurrent threads and JVMs: one unpacks under a lock, and the folder appears whole, by rename.
 */
public final class PostgresBinaries {
    private static final Map<PostgresVersion, Path> HOMES = new ConcurrentHashMap<>();

    private PostgresBinaries() {}

    /**
     * Returns the installation folder of a version, unpacking it if needed (some seconds, the first time).
     *
     * @param version the major version
     * @return a folder that holds {@code bin}, {@code lib} and {@code share}
     */
    public static Path home(PostgresVersion version) {
        return HOMES.computeIfAbsent(version, PostgresBinaries::unpackOnce);
    }

    /**
     * Returns one program of a version.
     *
     * @param version the major version
     * @param name such as {@code postgres}
     * @return its path
     */
    public static Path program(PostgresVersion version, String name) {
        return home(version).resolve("bin").resolve(name);
    }

    private static Path unpackOnce(PostgresVersion version) {
        Path jar = folderOfJars().resolve(version.major() + ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry archive = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(jar + " holds no .txz"));
            Path cache = Files.createDirectories(Path.of(
                    System.getProperty("java.io.tmpdir"), "pitr-test-postgres-" + System.getProperty("user.name")));
            Path home = cache.resolve(version.major() + "-" + Long.toHexString(archive.getCrc()));
            try (FileChannel lockFile = FileChannel.open(
                            cache.resolve(home.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock ignored = lockFile.lock()) {
                if (!Files.isDirectory(home)) {
                    Path fresh = Files.createTempDirectory(cache, "unpacking");
                    unpack(zip.getInputStream(archive), fresh);
                    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
                    Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack the server programs of PostgreSQL " + version, e);
        }
    }

    private static Path folderOfJars() {
        String folder = System.getProperty("pitr.test.postgresBinaries");
        if (folder == null) {
            throw new IllegalStateException("The system property pitr.test.postgresBinaries is not set: "
                    + "run the tests with Maven, or name the folder that holds 13.jar to 18.jar");
        }
        return Path.of(folder);
    }

    private static void unpack(InputStream txz, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(txz))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                unpackEntry(tar, entry, path);
            }
        }
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
