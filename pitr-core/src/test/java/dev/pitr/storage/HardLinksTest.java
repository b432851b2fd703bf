package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filesystems that can't link, or say so when they can. */
class HardLinksTest {
    private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

    @TempDir
    Path root;

    private FileSystemStorage linkingBy(HardLinks.Operation link) {
        return new FileSystemStorage(root, Clock.systemUTC(), link);
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
    void tellsThatItCannotLink() {
        List<HardLinks.Operation> unable = List.of(
                (name, file) -> {
                    throw new UnsupportedOperationException();
                },
                (name, file) -> {
                    throw new FileSystemException(name.toString(), file.toString(), "Operation not permitted");
                },
                (name, file) -> Files.copy(file, name),
                (name, file) -> Files.move(file, name, StandardCopyOption.ATOMIC_MOVE),
                (name, file) -> {
                    Files.deleteIfExists(name);
                    Files.createLink(name, file);
                });
        for (HardLinks.Operation link : unable) {
            try (FileSystemStorage storage = linkingBy(link)) {
                assertThat(storage.enforcesCreateIfAbsent()).isFalse();
                storage.createIfAbsent(key("a/b"), CONTENT);
                assertThatThrownBy(() -> storage.createIfAbsent(key("a/b"), CONTENT))
                        .isInstanceOf(ObjectExistsException.class);
                storage.delete(List.of(key("a/b")));
            }
        }
        try (FileSystemStorage storage = linkingBy(Files::createLink)) {
            assertThat(storage.enforcesCreateIfAbsent()).isTrue();
        }
    }

    @Test
    void recognisesItsOwnLinkWhenTheReplyIsLost() throws IOException {
        AtomicInteger links = new AtomicInteger();
        try (FileSystemStorage storage = linkingBy((name, file) -> {
            Files.createLink(name, file);
            if (links.incrementAndGet() > 1) {
                throw new FileAlreadyExistsException(name.toString());
            }
        })) {
            storage.createIfAbsent(key("a"), CONTENT);
            assertThatThrownBy(() -> storage.createIfAbsent(key("a"), CONTENT))
                    .isInstanceOf(ObjectExistsException.class);
        }
        assertThat(root.resolve("a")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void createsItsFoldersAgainWhenTheyArePruned() {
        AtomicInteger links = new AtomicInteger();
        try (FileSystemStorage storage = linkingBy((name, file) -> {
            if (name.endsWith("c") && links.incrementAndGet() < 5) {
                Files.delete(name.getParent());
                Files.delete(name.getParent().getParent());
                throw new NoSuchFileException(name.toString());
            }
            Files.createLink(name, file);
        })) {
            storage.createIfAbsent(key("a/b/c"), CONTENT);
            assertThat(keys(storage, "", "")).containsExactly("a/b/c");
        }
        assertThat(links).hasValue(5);
    }
}
