package dev.pitr.testkit;

import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An upload whose steps are counted and may fail. */
final class FaultyUpload extends ObjectUpload {
    static final long STEP_BYTES = 1 << 20;

    private final FaultInjector injector;
    private final String key;
    private final ObjectUpload delegate;
    private final Runnable onClose;
    private long bytesUntilStep;
    private boolean ended;

    FaultyUpload(FaultInjector injector, String key, ObjectUpload delegate, Runnable onClose) {
        this.injector = injector;
        this.key = key;
        this.delegate = delegate;
        this.onClose = onClose;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        requireLive();
        if (bytesUntilStep > 0) {
            bytesUntilStep -= length;
            pass(bytes, offset, length);
            return;
        }
        bytesUntilStep = STEP_BYTES - length;
        ended = true;
        injector.call(
                StorageCall.WRITE,
                key,
                () -> {
                    pass(bytes, offset, length);
                    return true;
                },
                () -> pass(bytes, offset, length / 2));
        ended = false;
    }

    private void pass(byte[] bytes, int offset, int length) {
        if (injector.isDead() && !ended) {
            throw FaultInjector.unavailable(StorageCall.WRITE, key, "the process is dead");
        }
        try {
            delegate.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void commit() {
        requireLive();
        ended = true;
        injector.call(
                StorageCall.COMMIT,
                key,
                () -> {
                    delegate.commit();
                    return true;
                },
                () -> {});
    }

    private void requireLive() {
        if (ended) {
            throw new IllegalStateException("The upload of " + key + " has ended: start another");
        }
    }

    /** The dead clean nothing up. */
    @Override
    public void close() {
        ended = true;
        if (!injector.isDead()) {
            delegate.close();
            onClose.run();
        }
    }
}
