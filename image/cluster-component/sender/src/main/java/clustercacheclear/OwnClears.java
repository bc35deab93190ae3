package clustercacheclear;

import java.util.concurrent.TimeUnit;

/**
 * Clears this node's own caches for what arrived and could not be followed: at once where that is seldom, and
 * else once in an interval for all of them together, with one line in the log. A clear that fails is tried again.
 */
public final class OwnClears {
    static final long INTERVAL_MILLIS = 10_000;

    private final Runnable clear;
    private final ClearLog log;
    private final long intervalNanos;
    private final Object lock = new Object();
    private long wanted;
    private long merged;
    private String why = "";
    private long doneAtNanos;
    private boolean everDone;
    private Thread waiting;

    public OwnClears(Runnable clear, ClearLog log) {
        this(clear, log, INTERVAL_MILLIS);
    }

    OwnClears(Runnable clear, ClearLog log, long intervalMillis) {
        this.clear = clear;
        this.log = log;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    }

    /** One message more; returns when the caches are cleared, or at once when that follows. */
    public void want(String because) {
        synchronized (lock) {
            wanted++;
            merged++;
            why = because;
            if (waiting != null) {
                return;
            }
            if (everDone && System.nanoTime() - doneAtNanos < intervalNanos) {
                clearLater();
                return;
            }
        }
        if (!clearNow()) {
            synchronized (lock) {
                clearLater();
            }
        }
    }

    /** Messages since the start. */
    public long wanted() {
        synchronized (lock) {
            return wanted;
        }
    }

    /** Called with the lock. */
    private void clearLater() {
        if (waiting == null) {
            Thread thread = new Thread(this::clearUntilDone, "cache-clear-own");
            thread.setDaemon(true);
            thread.start();
            waiting = thread;
        }
    }

    private void clearUntilDone() {
        try {
            while (true) {
                long left;
                synchronized (lock) {
                    left = doneAtNanos + intervalNanos - System.nanoTime();
                }
                TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
                boolean done = clearNow();
                synchronized (lock) {
                    if (done && merged == 0) {
                        waiting = null;
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What arrives while it clears wants another one. */
    private boolean clearNow() {
        long messages;
        String because;
        synchronized (lock) {
            messages = merged;
            because = why;
            merged = 0;
            doneAtNanos = System.nanoTime();
            everDone = true;
        }
        log.warning("Cache clear: " + (messages == 1 ? "a message" : messages + " messages")
                + " cannot be followed, so this node clears its own caches: " + because);
        try {
            clear.run();
            return true;
        } catch (RuntimeException | Error e) {
            // Error: a cache of a tree that this was not built for. What is stale must not be left so.
            log.warning("Cache clear: this node's own caches could not be cleared: " + ClearLog.chain(e));
            synchronized (lock) {
                merged += messages;
            }
            return false;
        }
    }
}
