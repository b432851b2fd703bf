package dev.pitr.backup;

import dev.pitr.error.CancelledException;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.Codec;
import dev.pitr.repository.FrameCompressor;
import dev.pitr.repository.Sha256;
import dev.pitr.storage.ObjectUpload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and hashes frames on several threads and uploads them in order, part by part.
 *
 * <p>Two parts may be in flight at once, so that one is being made durable while the next is written. Memory is bounded
 * by a fixed set of frames: {@link #acquire} waits until one is free. The first failure of any thread ends everything:
 * it is told to the listener at once, and thrown by the next call of the thread that cuts.
 */
final class FramePipeline implements FrameOutput, AutoCloseable {
    private static final int LANES = 2;
    private static final String WHAT = "The upload of a backup";

    private final Codec codec;
    private final int frameSize;
    private final Function<String, ObjectUpload> uploads;
    private final Consumer<BackupPart> index;
    private final Consumer<Throwable> onFailure;

    private final LinkedBlockingQueue<Frame> free = new LinkedBlockingQueue<>();
    private final Queue<FrameCompressor> compressors = new ConcurrentLinkedQueue<>();
    private final ExecutorService compressing;
    private final List<ExecutorService> lanes = new ArrayList<>();
    private final Deque<Slot> unindexed = new ArrayDeque<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Frame poison = new Frame(0, 0);

    private int framesLeft;
    private int partCount;
    private @Nullable Slot present;

    /** A part in flight. The upload belongs to the lane's thread. */
    private static final class Slot {
        final PartName name;
        final ExecutorService lane;

        @Nullable
        PartUpload upload;

        @Nullable
        BackupPart done;

        Slot(PartName name, ExecutorService lane) {
            this.name = name;
            this.lane = lane;
        }
    }

    /**
     * Starts the threads.
     *
     * @param codec how frames are compressed
     * @param jobs how many threads compress
     * @param frameSize raw bytes of a frame at most
     * @param threads makes the threads
     * @param uploads opens the upload of a part by its name below the backup's folder
     * @param index takes the parts that are durable, in order
     * @param onFailure hears of the first failure, on the thread that failed
     */
    FramePipeline(
            Codec codec,
            int jobs,
            int frameSize,
            ThreadFactory threads,
            Function<String, ObjectUpload> uploads,
            Consumer<BackupPart> index,
            Consumer<Throwable> onFailure) {
        this.codec = codec;
        this.frameSize = frameSize + PartCutter.TRAILER;
        this.uploads = uploads;
        this.index = index;
        this.onFailure = onFailure;
        this.framesLeft = 2 * jobs + 3;
        this.compressing = Executors.newFixedThreadPool(jobs, threads);
        for (int i = 0; i < LANES; i++) {
            lanes.add(Executors.newSingleThreadExecutor(threads));
        }
    }

    @Override
    public Frame acquire() {
        throwFailure();
        Frame frame = free.poll();
        if (frame == null && framesLeft > 0) {
            framesLeft--;
            frame = new Frame(frameSize, codec.maxCompressedLength(frameSize));
        }
        if (frame == null) {
            frame = waitForFrame();
        }
        throwFailure();
        frame.clear();
        return frame;
    }

    private Frame waitForFrame() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(WHAT);
        }
    }

    @Override
    public void beginPart(PartName name) {
        Slot slot = new Slot(name, lanes.get(partCount++ % LANES));
        synchronized (unindexed) {
            unindexed.add(slot);
        }
        present = slot;
    }

    @Override
    public void frame(Frame frame) {
        throwFailure();
        Slot slot = presentSlot();
        Future<?> compressed = compressing.submit(() -> compress(frame));
        slot.lane.execute(() -> guarded(() -> {
            await(compressed);
            uploadOf(slot).write(frame);
            free.add(frame);
        }));
    }

    @Override
    public void endPart() {
        Slot slot = presentSlot();
        slot.lane.execute(() -> guarded(() -> {
            BackupPart part = uploadOf(slot).commit();
            synchronized (unindexed) {
                slot.done = part;
                indexParts();
            }
        }));
        present = null;
    }

    /** Waits until every part is durable and indexed. */
    void finish() {
        lanes.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService lane : lanes) {
                lane.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(WHAT);
        }
        throwFailure();
    }

    /** Ends all threads, abandons what isn't durable, and frees the compressors. */
    @Override
    public void close() {
        compressing.shutdownNow();
        lanes.forEach(ExecutorService::shutdownNow);
        Threads.awaitEnd(compressing);
        lanes.forEach(Threads::awaitEnd);
        synchronized (unindexed) {
            unindexed.stream().map(slot -> slot.upload).forEach(FramePipeline::closeIfOpen);
        }
        compressors.forEach(FrameCompressor::close);
    }

    private static void closeIfOpen(@Nullable PartUpload upload) {
        if (upload != null) {
            upload.close();
        }
    }

    private void compress(Frame frame) {
        FrameCompressor pooled = compressors.poll();
        FrameCompressor compressor = pooled == null ? codec.frameCompressor() : pooled;
        try {
            frame.storedLength = compressor.compress(frame.raw, 0, frame.rawLength, frame.stored);
        } finally {
            compressors.add(compressor);
        }
        frame.storedSha256 = Sha256.of(frame.stored, 0, frame.storedLength);
    }

    private PartUpload uploadOf(Slot slot) {
        PartUpload upload = slot.upload;
        if (upload == null) {
            String objectName = slot.name.objectName(codec.partSuffix());
            upload = new PartUpload(slot.name, objectName, uploads.apply(objectName));
            slot.upload = upload;
        }
        return upload;
    }

    /** Indexes the parts that are durable, up to the first that isn't. */
    private void indexParts() {
        for (Slot head = unindexed.peek(); head != null && head.done != null; head = unindexed.peek()) {
            index.accept(head.done);
            closeIfOpen(head.upload);
            unindexed.remove();
        }
    }

    private Slot presentSlot() {
        Slot slot = present;
        if (slot == null) {
            throw new IllegalStateException("No part was begun");
        }
        return slot;
    }

    private interface Step {
        void run() throws InterruptedException, ExecutionException;
    }

    private static void await(Future<?> compressed) throws InterruptedException, ExecutionException {
        compressed.get();
    }

    /** Runs a step of a lane unless something failed before, and makes its failure everybody's. */
    @SuppressWarnings("CatchingUnchecked") // whatever happens on a lane must end the backup
    private void guarded(Step step) {
        if (failure.get() != null) {
            return;
        }
        try {
            step.run();
        } catch (ExecutionException e) {
            fail(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new CancelledException(WHAT));
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            free.add(poison);
            onFailure.accept(cause);
        }
    }

    private void throwFailure() {
        Throwable cause = failure.get();
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }
}
