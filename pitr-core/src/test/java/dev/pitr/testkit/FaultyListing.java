package dev.pitr.testkit;

import dev.pitr.storage.ObjectInfo;
import java.util.Iterator;

/** A listing that is counted once, when it is first asked, and may break. */
final class FaultyListing implements Iterator<ObjectInfo> {
    private final FaultInjector injector;
    private final String prefix;
    private final Iterator<ObjectInfo> delegate;
    private boolean started;
    private int untilCut = Integer.MAX_VALUE;

    FaultyListing(FaultInjector injector, String prefix, Iterator<ObjectInfo> delegate) {
        this.injector = injector;
        this.prefix = prefix;
        this.delegate = delegate;
    }

    @Override
    public boolean hasNext() {
        if (!started) {
            started = true;
            start();
        }
        if (injector.isDead()) {
            throw FaultInjector.unavailable(StorageCall.LIST, prefix, "the process is dead");
        }
        boolean more = delegate.hasNext();
        if (untilCut == 0) {
            throw FaultInjector.unavailable(StorageCall.LIST, prefix, "cut in the middle");
        }
        return more;
    }

    private void start() {
        Fault fault = injector.next(StorageCall.LIST, prefix);
        if (fault == Fault.TEAR) {
            untilCut = 1;
        } else if (fault == Fault.SLOW) {
            injector.waitForDelay();
        } else if (fault != null) {
            throw FaultInjector.unavailable(StorageCall.LIST, prefix, "not done");
        }
    }

    @Override
    public ObjectInfo next() {
        if (untilCut != Integer.MAX_VALUE) {
            untilCut--;
        }
        return delegate.next();
    }
}
