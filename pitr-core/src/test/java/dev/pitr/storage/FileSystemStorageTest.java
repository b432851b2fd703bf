package dev.pitr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.CancelledException;
import dev.pitr.testkit.ObjectStorageContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemStorageTest extends ObjectStorageContract {
    private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

    @TempDir
    Path root;

    private static ObjectKey key(String value) {
        return new ObjectKey(value);
    }

    @Override
    protected ObjectStorage openStorage() {
        return FileSystemStorage.at(root);
    }

    @Override
    protected ObjectStorage openAgain(ObjectStorage first) {
        return FileSystemStorage.at(root);
    }

    private List<Path> stagedFiles() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".pitr-tmp"))) {
            return files.toList();
        }
    }

    @Test
    void leavesNoWorkingFilesBehind() throws IOException {
        storage().createIfAbsent(key("a"), CONTENT);
        storage().put(key("a"), CONTENT);
        assertThatThrownBy(() -> storage().createIfAbsent(key("a"), CONTENT)).isInstanceOf(ObjectExistsException.class);
        storage().upload(key("b")).close();

        assertThat(stagedFiles()).isEmpty();
    }

    @Test
    void isWholeOrAbsentWheneverItIsInterrupted() throws Exception {
        byte[] bytes = new byte[300_000];
        Arrays.fill(bytes, (byte) 7);
        Random random = new Random(1);
        int cancelled = 0;
        for (int i = 0; i < 150; i++) {
            ObjectKey key = key("k/" + i);
            cancelled += createsUndisturbed(key, bytes, random.nextInt(3_000_000)) ? 0 : 1;
        }
        assertThat(cancelled).isBetween(1, 149);
        assertThat(stagedFiles()).isEmpty();
    }

    private boolean createsUndisturbed(ObjectKey key, byte[] bytes, long nanosUntilInterrupt) throws Exception {
        Thread victim = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            LockSupport.parkNanos(nanosUntilInterrupt);
            victim.interrupt();
        });
        interrupter.start();
        boolean created;
        try {
            storage().createIfAbsent(key, Content.of(bytes));
            created = true;
        } catch (CancelledException e) {
            assertThat(victim.isInterrupted()).isTrue();
            created = false;
        }
        await(interrupter);
        assertThat(storage().stat(key).map(ObjectInfo::sizeBytes))
                .isEqualTo(created ? java.util.Optional.of((long) bytes.length) : java.util.Optional.empty());
        return created;
    }

    /** The interrupt that is waited for may come while waiting. */
    @SuppressWarnings("ThreadJoinLoop") // the interrupt is what the test is about
    private static void await(Thread interrupter) {
        while (interrupter.isAlive()) {
            try {
                interrupter.join();
            } catch (InterruptedException e) {
                // that's the one
            }
        }
        Thread.interrupted();
    }

    @Test
    void keepsItsOwnUploadsHoweverOldTheyLook() throws IOException {
        try (ObjectUpload upload = storage().upload(key("a"));
                FileSystemStorage other = FileSystemStorage.at(root)) {
            upload.write(1);
            Files.setLastModifiedTime(stagedFiles().get(0), java.nio.file.attribute.FileTime.fromMillis(0));
            assertThat(other.removeAbandonedUploads(Duration.ofDays(1))).isZero();
            upload.commit();
        }
        assertThat(root.resolve("a")).hasBinaryContent(new byte[] {1});
    }
}
