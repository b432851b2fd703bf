package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pitr.error.CancelledException;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Sha256;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FramePipelineTest {
    private static final int FRAME = 8192;

    private final InMemoryStorage storage = new InMemoryStorage();
    private final List<BackupPart> parts = new ArrayList<>();
    private final AtomicReference<Throwable> heard = new AtomicReference<>();

    private FramePipeline pipeline(Codec codec, ObjectStorage target) {
        return new FramePipeline(
                codec,
                3,
                FRAME,
                Threads.named("test"),
                name -> target.upload(new ObjectKey("backup/" + name)),
                parts::add,
                heard::set);
    }

    private static void cut(FramePipeline pipeline, byte[] archive) {
        TarCutter cutter =
                new TarCutter(new PartCutter(pipeline, new PartCutter.Limits(FRAME, 5L * FRAME, 1000)), Set.of());
        cutter.beginArchive(0);
        cutter.accept(archive, 0, archive.length);
        cutter.endArchive();
    }

    private static TarStream manyFiles() {
        TarStream sent = new TarStream();
        for (int i = 0; i < 200; i++) {
            sent.file("f" + i, i * 97 % 20_000);
        }
        return sent;
    }

    private byte[] stored(BackupPart part) throws IOException {
        return storage.open(new ObjectKey("backup/" + part.name())).readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd:3", "gzip:1", "none"})
    void storesPartsThatDecompressToTheArchives(String codecName) throws Exception {
        Codec codec = Codec.parse(codecName);
        TarStream sent = manyFiles();
        try (FramePipeline pipeline = pipeline(codec, storage)) {
            cut(pipeline, sent.withoutTrailer());
            pipeline.finish();
        }

        assertThat(parts).hasSizeGreaterThan(20);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            BackupPart part = parts.get(i);
            assertThat(part.name()).isEqualTo(String.format("base/%05d%s", i + 1, codec.partSuffix()));
            byte[] raw =
                    codec.decompress(new ByteArrayInputStream(stored(part))).readAllBytes();
            TarStream.read(raw).forEach((name, content) -> {
                assertThat(content).isEqualTo(sent.files().get(name));
                found.add(name);
            });
        }
        assertThat(found).containsExactlyElementsOf(sent.files().keySet());
    }

    @Test
    void indexesFramesThatCanBeReadAlone() throws Exception {
        Codec codec = Codec.zstd();
        try (FramePipeline pipeline = pipeline(codec, storage)) {
            cut(pipeline, manyFiles().withTrailer());
            pipeline.finish();
        }

        for (BackupPart part : parts) {
            byte[] bytes = stored(part);
            assertThat(part.storedSizeBytes()).isEqualTo(bytes.length);
            assertThat(part.sha256()).isEqualTo(sha256(bytes));
            long offset = 0;
            for (var frame : part.frames()) {
                assertThat(frame.offset()).isEqualTo(offset);
                byte[] alone = Arrays.copyOfRange(bytes, (int) offset, (int) (offset + frame.storedLength()));
                assertThat(frame.sha256()).isEqualTo(sha256(alone));
                assertThat(codec.decompress(new ByteArrayInputStream(alone)).readAllBytes())
                        .hasSize((int) frame.rawLength());
                offset += frame.storedLength();
            }
            assertThat(offset).isEqualTo(bytes.length);
        }
    }

    private static String sha256(byte[] bytes) {
        return Sha256.of(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 100})
    void endsAtTheFirstFailureAndTellsItAtOnce(int failingWrite) {
        FailingUploads failing = new FailingUploads(storage, "base/", failingWrite);
        try (FramePipeline pipeline = pipeline(Codec.none(), failing)) {
            assertThatThrownBy(() -> {
                        cut(pipeline, manyFiles().withTrailer());
                        pipeline.finish();
                    })
                    .isInstanceOf(FailingUploads.Failure.class);
        }
        // The threads have ended by now: the one that failed may have told it a moment after the pipeline knew.
        assertThat(heard.get()).isInstanceOf(FailingUploads.Failure.class);
        assertThatNoThreadIsLeft();
    }

    @Test
    void failsWhenTheIndexCanNotBeWritten() {
        try (FramePipeline pipeline = new FramePipeline(
                Codec.none(),
                1,
                FRAME,
                Threads.named("test"),
                name -> storage.upload(new ObjectKey("backup/" + name)),
                part -> {
                    throw new IllegalStateException("no index");
                },
                heard::set)) {
            assertThatThrownBy(() -> {
                        cut(pipeline, manyFiles().withTrailer());
                        pipeline.finish();
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no index");
        }
    }

    @Test
    void abandonsWhatIsNotDurableWhenItIsClosedEarly() {
        try (FramePipeline pipeline = pipeline(Codec.zstd(), storage)) {
            pipeline.beginPart(PartName.firstOf(0));
            Frame frame = pipeline.acquire();
            frame.appendZeros(512);
            pipeline.frame(frame);
        }

        try (Stream<ObjectInfo> objects = storage.list("", "")) {
            assertThat(objects).isEmpty();
        }
        assertThat(parts).isEmpty();
        assertThatNoThreadIsLeft();
    }

    @Test
    void lendsABoundedNumberOfFrames() throws Exception {
        try (FramePipeline pipeline = pipeline(Codec.zstd(), storage)) {
            for (int i = 0; i < 2 * 3 + 3; i++) {
                pipeline.acquire();
            }
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    pipeline.acquire();
                } catch (RuntimeException e) {
                    thrown.complete(e);
                }
            });
            waiting.start();

            waiting.interrupt();

            assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        }
    }

    /** A pool is terminated a moment before its last thread has died. */
    private static void assertThatNoThreadIsLeft() {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("pitr-backup-test")));
    }
}
