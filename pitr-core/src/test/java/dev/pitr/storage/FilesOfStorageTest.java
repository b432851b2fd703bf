package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on disk, and what may lie there that is none of ours. */
class FilesOfStorageTest {
    private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

    @TempDir
    Path folder;

    private Path root;
    private Path elsewhere;
    private FileSystemStorage storage;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        storage = FileSystemStorage.at(root);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static ObjectKey key(String value) {
        return new ObjectKey(value);
    }

    private static List<String> keys(ObjectStorage storage, String prefix, String from) {
        try (Stream<ObjectInfo> objects = storage.list(prefix, from)) {
            return objects.map(info -> info.key().value()).toList();
        }
    }

    @Test
    void needsItsRootToExist() throws IOException {
        Path missing = root.resolve("not/mounted");

        assertThatThrownBy(() -> FileSystemStorage.at(missing))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("Mount");
        assertThatThrownBy(() -> FileSystemStorage.at(Files.createFile(root.resolve("file"))))
                .isInstanceOf(StorageException.class)
                .extracting(e -> ((StorageException) e).code())
                .isEqualTo("storage.root-missing");
        try (FileSystemStorage other = FileSystemStorage.create(missing)) {
            other.put(key("a/b"), CONTENT);
            assertThat(missing.resolve("a/b")).hasBinaryContent(new byte[] {1, 2, 3});
            assertThat(other.description()).isEqualTo("file://" + missing);
        }
    }

    @Test
    void neverTakesAMissingRootForAnEmptyOne() throws IOException {
        Path mount = Files.createDirectory(root.resolve("mount"));
        try (FileSystemStorage other = FileSystemStorage.at(mount)) {
            Files.delete(mount);

            for (Runnable call : List.<Runnable>of(
                    () -> other.open(key("a/b")),
                    () -> other.stat(key("a/b")),
                    () -> keys(other, "", ""),
                    () -> keys(other, "a/b/", ""),
                    () -> other.delete(List.of(key("a/b"))),
                    () -> other.createIfAbsent(key("a/b"), CONTENT),
                    () -> other.put(key("a/b"), CONTENT),
                    () -> other.upload(key("a/b")))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(StorageException.class)
                        .extracting(e -> ((StorageException) e).code())
                        .isEqualTo("storage.root-missing");
            }
            assertThat(mount).doesNotExist();
        }
    }

    @Test
    void keepsObjectsFromOtherUsers() throws IOException {
        storage.put(key("a/b"), CONTENT);

        for (String path : List.of("a", "a/b", ".pitr-tmp")) {
            assertThat(Files.getPosixFilePermissions(root.resolve(path)))
                    .as(path)
                    .doesNotContain(
                            PosixFilePermission.OTHERS_READ,
                            PosixFilePermission.OTHERS_WRITE,
                            PosixFilePermission.OTHERS_EXECUTE,
                            PosixFilePermission.GROUP_WRITE);
        }
    }

    @Test
    void leavesWhatIsNotItsOwnAlone() throws IOException {
        storage.put(key("a/b"), CONTENT);
        Files.createDirectories(root.resolve("lost+found/x"));
        Files.createFile(root.resolve("a/.hidden"));
        Files.createFile(root.resolve("a/with space"));
        Files.createSymbolicLink(root.resolve("a/link"), root.resolve("a/b"));
        Files.createDirectories(root.resolve("a/empty/folder"));

        assertThat(keys(storage, "", "")).containsExactly("a/b");
        storage.delete(List.of(key("a/b")));
        assertThat(root.resolve("a/.hidden")).exists();
        assertThat(root.resolve("a/empty/folder")).exists();
    }

    @Test
    void removesFoldersThatItEmptied() {
        storage.put(key("a/b/c/d"), CONTENT);
        storage.put(key("a/e"), CONTENT);

        storage.delete(List.of(key("a/b/c/d")));

        assertThat(root.resolve("a")).isDirectory();
        assertThat(root.resolve("a/b")).doesNotExist();
        storage.delete(List.of(key("a/e")));
        assertThat(root.resolve("a")).doesNotExist();
        assertThat(root).exists();
    }

    @Test
    void followsNoLinkBelowItsRoot() throws IOException {
        Files.write(elsewhere.resolve("secret"), new byte[] {9});
        Files.createSymbolicLink(root.resolve("folder"), elsewhere);
        Files.createSymbolicLink(root.resolve("object"), elsewhere.resolve("secret"));

        for (String target : List.of("folder/secret", "folder/new/deep", "object")) {
            for (Runnable call : List.<Runnable>of(
                    () -> storage.open(key(target)),
                    () -> storage.stat(key(target)),
                    () -> storage.delete(List.of(key(target))),
                    () -> storage.createIfAbsent(key(target), CONTENT),
                    () -> storage.put(key(target), CONTENT))) {
                assertThatThrownBy(call::run)
                        .as(target)
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("symbolic link");
            }
        }
        assertThat(keys(storage, "", "")).isEmpty();
        assertThatThrownBy(() -> keys(storage, "folder/", "")).hasMessageContaining("symbolic link");
        assertThat(elsewhere.resolve("secret")).hasBinaryContent(new byte[] {9});
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void mayHaveALinkAsItsRoot() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), elsewhere);
        try (FileSystemStorage other = FileSystemStorage.at(link)) {
            other.put(key("a/b"), CONTENT);
            assertThat(keys(other, "", "")).containsExactly("a/b");
        }
        assertThat(elsewhere.resolve("a/b")).exists();
    }

    @Test
    void refusesToStageThroughALink() throws IOException {
        Files.createSymbolicLink(root.resolve(".pitr-tmp"), elsewhere);

        assertThatThrownBy(() -> storage.put(key("a"), CONTENT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(".pitr-tmp");
    }

    @Test
    void listsAFolderOfMoreNamesThanItHolds() throws IOException {
        int count = FolderCursor.BATCH_SIZE + 1_000;
        Path folder = Files.createDirectories(root.resolve("many"));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = Integer.toString(i * 7919 % 1_000_003, 36);
            if (i % 1000 == 0) {
                Files.createFile(Files.createDirectory(folder.resolve(name)).resolve("x"));
                expected.add("many/" + name + "/x");
            } else {
                Files.createFile(folder.resolve(name));
                expected.add("many/" + name);
            }
        }
        expected.sort(null);

        assertThat(keys(storage, "", "")).isEqualTo(expected);
        assertThat(keys(storage, "many/", expected.get(count - 50))).isEqualTo(expected.subList(count - 50, count));
    }

    @Test
    void isDeniedWhatTheFilesystemDenies() throws IOException {
        assumeTrue(
                !System.getProperty("user.name").equals("root"), "the superuser is denied nothing by the file's mode");
        storage.put(key("closed/a"), CONTENT);
        Path closed = root.resolve("closed");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
        try {
            assertThatThrownBy(() -> storage.put(key("closed/b"), CONTENT)).isInstanceOf(StorageDeniedException.class);
            assertThatThrownBy(() -> storage.delete(List.of(key("closed/a"))))
                    .isInstanceOf(StorageDeniedException.class);
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
            assertThatThrownBy(() -> keys(storage, "", "")).isInstanceOf(StorageDeniedException.class);
            assertThatThrownBy(() -> storage.stat(key("closed/a"))).isInstanceOf(StorageDeniedException.class);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void namesTheKindOfEachFailure() {
        FileErrors errors = new FileErrors(root);
        String file = root.resolve("a").toString();

        assertThat(errors.writing("put", key("a"), new AccessDeniedException(file)))
                .isInstanceOf(StorageDeniedException.class)
                .hasMessageContaining("Cannot put a in file://" + root)
                .hasMessageContaining("permission denied for " + file);
        assertThat(errors.writing("put", key("a"), new FileSystemException(file, null, "Read-only file system")))
                .isInstanceOf(StorageDeniedException.class);
        for (String reason : List.of("No space left on device", "Disk quota exceeded", "File too large")) {
            assertThat(errors.writing("put", key("a"), new IOException(reason)))
                    .isInstanceOf(StorageFullException.class)
                    .hasMessageContaining(reason);
        }
        assertThat(errors.reading("read", key("a"), new IOException("Input/output error")))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("Input/output error");
    }

    @Test
    void tellsThatAFileWasCutWhileItWasRead() throws IOException {
        storage.put(key("a"), Content.of(new byte[100_000]));
        try (InputStream in = storage.open(key("a"))) {
            assertThat(in.readNBytes(10)).hasSize(10);
            Files.write(root.resolve("a"), new byte[10]);
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining("99990 bytes early");
        }
    }
}
