package clustercacheclear;

import java.util.function.BooleanSupplier;

/** The figures of one sender, read afresh by each getter, with its lock. */
final class CacheClearFigures implements CacheClearMXBean {
    private final Object lock;
    private final ClearsOnTheWay clears;
    private final TopicLink link;
    private final BooleanSupplier isSenderAlive;

    CacheClearFigures(Object lock, ClearsOnTheWay clears, TopicLink link, BooleanSupplier isSenderAlive) {
        this.lock = lock;
        this.clears = clears;
        this.link = link;
        this.isSenderAlive = isSenderAlive;
    }

    @Override
    public long getQueued() {
        synchronized (lock) {
            return clears.pending().queued();
        }
    }

    @Override
    public long getSent() {
        synchronized (lock) {
            return clears.sent();
        }
    }

    @Override
    public long getCoalesced() {
        synchronized (lock) {
            return clears.pending().coalesced();
        }
    }

    @Override
    public long getDroppedToClearAll() {
        synchronized (lock) {
            return clears.pending().dropped();
        }
    }

    @Override
    public long getClearAllsSent() {
        synchronized (lock) {
            return clears.clearAllsSent();
        }
    }

    @Override
    public long getFailures() {
        synchronized (lock) {
            return clears.failures();
        }
    }

    @Override
    public long getReconnects() {
        return link.reconnects();
    }

    @Override
    public int getQueueDepth() {
        synchronized (lock) {
            return clears.depth();
        }
    }

    @Override
    public double getOldestWaitingSeconds() {
        synchronized (lock) {
            long now = System.nanoTime();
            return (now - clears.oldestNanos(now)) / 1e9;
        }
    }

    @Override
    public boolean isAlive() {
        synchronized (lock) {
            return isSenderAlive.getAsBoolean();
        }
    }

    @Override
    public boolean isConnected() {
        return link.isConnected();
    }

    @Override
    public double getPublishMedianMillis() {
        synchronized (lock) {
            return clears.latencyQuantileMillis(0.5);
        }
    }

    @Override
    public double getPublishP99Millis() {
        synchronized (lock) {
            return clears.latencyQuantileMillis(0.99);
        }
    }
}
