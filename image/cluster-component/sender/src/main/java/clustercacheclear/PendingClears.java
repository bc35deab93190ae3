package clustercacheclear;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Clears that wait: those of one open transaction, or those to be sent. Equal ones coalesce; past a
 * number or an amount of memory they become one clear of everything, which also stands for what was lost.
 * Not safe for several threads.
 *
 * <p>Always: queued = waiting + coalesced + dropped to a clear of everything + taken.
 */
public final class PendingClears {
    private final int capacity;
    private final long capacityBytes;
    private final Map<Object, Waiting> lines = new LinkedHashMap<>();
    private long bytes;
    private Scope everything;
    private long everythingSinceNanos;
    private long queued;
    private long coalesced;
    private long dropped;

    public PendingClears(int capacity, long capacityBytes) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: got " + capacity + "; must be 1 or more");
        }
        this.capacity = capacity;
        this.capacityBytes = capacityBytes;
    }

    public void add(CacheClear clear) {
        add(clear, System.nanoTime());
    }

    void add(CacheClear clear, long nowNanos) {
        queued++;
        if (everything != null && everything.covers(clear.scope())) {
            dropped++;
            return;
        }
        Waiting waiting = lines.get(clear.key());
        if (waiting != null) {
            coalesced++;
            // The place and the time of the first one, the content of the latest.
            bytes += clear.bytes() - waiting.clear.bytes();
            waiting.clear = clear;
        } else {
            bytes += clear.bytes();
            lines.put(clear.key(), new Waiting(clear, clear.scope(), false, nowNanos));
        }
        if (lines.size() > capacity || bytes > capacityBytes) {
            clearEverything(widest(), nowNanos);
        }
    }

    /** Takes over what the other one holds, as of now, and its figures; the other one is spent. */
    void addAll(PendingClears other, long nowNanos) {
        coalesced += other.coalesced;
        dropped += other.dropped;
        queued += other.coalesced + other.dropped;
        if (other.everything != null) {
            clearEverything(other.everything, nowNanos);
        }
        other.lines.values().forEach(waiting -> add(waiting.clear, nowNanos));
    }

    /** One clear of everything waits, first in line; the lines it makes needless are gone. */
    void clearEverything(Scope scope, long nowNanos) {
        if (everything == null) {
            everythingSinceNanos = nowNanos;
        }
        everything = scope.including(everything);
        Iterator<Waiting> waiting = lines.values().iterator();
        while (waiting.hasNext()) {
            Waiting needless = waiting.next();
            if (everything.covers(needless.scope)) {
                waiting.remove();
                bytes -= needless.clear.bytes();
                dropped++;
            }
        }
    }

    /** What was taken by {@link #next} did not reach the broker for certain. */
    void lost(Waiting taken, long nowNanos) {
        if (!taken.everything) {
            dropped++;
        }
        clearEverything(taken.scope, nowNanos);
    }

    /** Removes and returns the first one; null when nothing waits. */
    Waiting next() {
        if (everything != null) {
            Waiting all = new Waiting(null, everything, true, everythingSinceNanos);
            everything = null;
            return all;
        }
        Iterator<Waiting> waiting = lines.values().iterator();
        if (!waiting.hasNext()) {
            return null;
        }
        Waiting first = waiting.next();
        waiting.remove();
        bytes -= first.clear.bytes();
        return first;
    }

    /** Since when the first one in line waits; {@code nowNanos} when none does. */
    long oldestNanos(long nowNanos) {
        if (everything != null) {
            return everythingSinceNanos;
        }
        Iterator<Waiting> waiting = lines.values().iterator();
        return waiting.hasNext() ? waiting.next().sinceNanos : nowNanos;
    }

    /** About what the lines keep in memory. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return everything == null && lines.isEmpty();
    }

    int waiting() {
        return lines.size();
    }

    boolean everythingWaits() {
        return everything != null;
    }

    long queued() {
        return queued;
    }

    long coalesced() {
        return coalesced;
    }

    long dropped() {
        return dropped;
    }

    private Scope widest() {
        Scope widest = Scope.ENTITY_CACHES;
        for (Waiting waiting : lines.values()) {
            widest = widest.including(waiting.scope);
        }
        return widest;
    }

    /** One clear in line, or the clear of everything, which has no content of its own. */
    static final class Waiting {
        private CacheClear clear;
        final Scope scope;
        final boolean everything;
        final long sinceNanos;

        private Waiting(CacheClear clear, Scope scope, boolean everything, long sinceNanos) {
            this.clear = clear;
            this.scope = scope;
            this.everything = everything;
            this.sinceNanos = sinceNanos;
        }

        CacheClear clear() {
            return clear;
        }
    }
}
