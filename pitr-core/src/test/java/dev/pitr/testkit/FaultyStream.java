package dev.pitr.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** An object's bytes, whose steps are counted and may fail, end early or be wrong. */
final class FaultyStream extends FilterInputStream {
    private final FaultInjector injector;
    private final String key;
    private long bytesUntilStep;
    private boolean cut;

    FaultyStream(FaultInjector injector, String key, InputStream in) {
        super(in);
        this.injector = injector;
        this.key = key;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (cut) {
            return length == 0 ? 0 : -1;
        }
        int n = bytesUntilStep > 0 ? passing(bytes, offset, length) : step(bytes, offset, length);
        bytesUntilStep -= Math.max(n, 0);
        return n;
    }

    private int passing(byte[] bytes, int offset, int length) throws IOException {
        if (injector.isDead()) {
            throw FaultInjector.unavailable(StorageCall.READ, key, "the process is dead");
        }
        return super.read(bytes, offset, length);
    }

    private int step(byte[] bytes, int offset, int length) {
        bytesUntilStep = FaultyUpload.STEP_BYTES;
        Fault fault = injector.next(StorageCall.READ, key);
        if (fault == null) {
            return readFully(bytes, offset, length);
        }
        if (fault == Fault.FAIL_BEFORE || fault == Fault.DIE_BEFORE) {
            throw FaultInjector.unavailable(StorageCall.READ, key, "not done");
        }
        if (fault == Fault.SLOW) {
            injector.waitForDelay();
        }
        int n = readFully(bytes, offset, length);
        return switch (fault) {
            case FAIL_AFTER, DIE_AFTER -> throw FaultInjector.unavailable(StorageCall.READ, key, "reply lost");
            case TEAR -> cutShort(n);
            case CORRUPT -> corrupt(bytes, offset, n);
            default -> n;
        };
    }

    private int readFully(byte[] bytes, int offset, int length) {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int cutShort(int n) {
        cut = true;
        return n < 2 ? -1 : n / 2;
    }

    private static int corrupt(byte[] bytes, int offset, int n) {
        if (n > 0) {
            bytes[offset + n / 2] ^= 0x10;
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = cut ? 0 : super.skip(n);
        bytesUntilStep -= skipped;
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
