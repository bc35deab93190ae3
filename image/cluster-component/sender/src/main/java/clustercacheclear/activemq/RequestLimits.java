package clustercacheclear.activemq;

import java.util.concurrent.TimeUnit;

/**
 * How long a connection waits for an answer. Until its first use is over, a message that the broker has or a
 * consumer that waits for some, all waits together have one end: who asks for a connection for each message, as
 * the ERP's own sender, waits for that time at most.
 */
final class RequestLimits {
    /** An answer that is under way already is not missed for a few milliseconds. */
    private static final int SHORTEST_MILLIS = 250;

    private final int requestMillis;
    private final long firstUseEndsNanos;
    private volatile boolean used;

    RequestLimits(int requestMillis, long firstUseEndsNanos) {
        this.requestMillis = requestMillis;
        this.firstUseEndsNanos = firstUseEndsNanos;
    }

    /** {@code asked}: what the client would wait; 0, for ever. */
    int millis(int asked) {
        int limit = asked > 0 ? Math.min(asked, requestMillis) : requestMillis;
        if (used) {
            return limit;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(firstUseEndsNanos - System.nanoTime());
        return (int) Math.max(SHORTEST_MILLIS, Math.min(limit, left));
    }

    void usedOnce() {
        used = true;
    }
}
