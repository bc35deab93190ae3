package clustercacheclear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.jms.JMSException;
import javax.naming.NamingException;

/**
 * Sends the clears of committed transactions, in their order, from one thread over one connection. A
 * writer hands over and goes on; it never waits for a broker. Nor does the thread wait for the answer to
 * one message before it hands over the next. What may have been lost, and what there is no room for,
 * becomes one clear of everything on all nodes, sent as soon as a broker answers.
 */
public final class CacheClearSender {
    /** At 1,000 rows a second, ten seconds without a broker. */
    public static final int CAPACITY = 10_000;
    /** Rows with long texts or files are few of those. Of what waits, and of each open transaction. */
    public static final long CAPACITY_BYTES = 8 << 20;
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final long ANSWER_MILLIS = 3_000;
    private static final long LINGER_MILLIS = 2;
    /** What the end of a JVM is held up at the most. */
    static final long FLUSH_MILLIS = 4_000;
    /** Requests and jobs that the end interrupts commit later than it begins. */
    static final long QUIET_MILLIS = 1_000;
    private static final int LATENCIES = 1_024;

    private final Function<Scope, CacheClear> everything;
    private final ClearLog log;
    private final TopicLink link;
    private final int capacity;
    private final long capacityBytes;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    private final Object lock = new Object();
    private final PendingClears pending;
    private InFlight inFlight = new InFlight();
    private final LatencyWindow latencies = new LatencyWindow(LATENCIES);
    private long sent;
    private long clearAllsSent;
    private long failures;
    /** Taken from what waits and not yet in flight; null when there is none. */
    private PendingClears.Waiting taken;
    private long offeredAtNanos = System.nanoTime();
    /** Nobody lets a broker have time any more. */
    private boolean ending;
    private Thread thread;
    private boolean started;

    /** {@code everything} makes the message that clears all caches of a scope. */
    public CacheClearSender(SendingAccess broker, Function<Scope, CacheClear> everything, ClearLog log) {
        this(broker, everything, log, CAPACITY, CAPACITY_BYTES);
    }

    CacheClearSender(SendingAccess broker, Function<Scope, CacheClear> everything, ClearLog log, int capacity,
            long capacityBytes) {
        this.everything = everything;
        this.log = log;
        this.link = new TopicLink(broker, Origins.own(), log);
        this.capacity = capacity;
        this.capacityBytes = capacityBytes;
        this.pending = collection();
    }

    /** Where no thread can be had now, the next clear tries again. */
    public void start() {
        synchronized (lock) {
            started = true;
            ensureThread();
        }
    }

    /** Room for the clears of one transaction. */
    PendingClears collection() {
        return new PendingClears(capacity, capacityBytes);
    }

    /** To be called after the commit. Returns at once. */
    public void offer(PendingClears committed) {
        synchronized (lock) {
            pending.addAll(committed, System.nanoTime());
            offered();
        }
    }

    /** To be called after the commit, or for what belongs to no transaction. Returns at once. */
    public void offer(CacheClear clear) {
        synchronized (lock) {
            pending.add(clear, System.nanoTime());
            offered();
        }
    }

    /** Instead of a clear that could not be made. Returns at once. */
    public void offerEverything(Scope scope) {
        synchronized (lock) {
            pending.clearEverything(scope, System.nanoTime());
            offered();
        }
    }

    /** Called with the lock. */
    private void offered() {
        offeredAtNanos = System.nanoTime();
        ensureThread();
        lock.notifyAll();
    }

    /** Called with the lock. */
    private void ensureThread() {
        if (!started || thread != null && thread.isAlive()) {
            return;
        }
        Thread next = new Thread(this::sendForEver, "cache-clear-sender");
        next.setDaemon(true);
        try {
            next.start();
            thread = next;
        } catch (OutOfMemoryError e) {
            // "unable to create native thread": no reason to fail a write, and the figures show it.
            thread = null;
        }
    }

    /** The figures, read afresh by each getter. */
    public CacheClearMXBean figures() {
        return new Figures();
    }

    /**
     * For the end of a JVM: returns when all is sent and nothing came for a second, and at the latest after four,
     * as it does without a broker. The thread goes on as long as the JVM lives.
     */
    public void flush() {
        long beganNanos = System.nanoTime();
        String unsent;
        try {
            synchronized (lock) {
                ending = true;
                lock.notifyAll();
                long left = millisOfFlush(beganNanos);
                while (left > 0) {
                    lock.wait(left);
                    left = millisOfFlush(beganNanos);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            unsent = isIdle() ? "" : (pending.waiting() + inFlight.size()) + " clears unsent"
                    + (pending.everythingWaits() ? " and a clear of everything" : "");
        }
        if (!unsent.isEmpty()) {
            log.warning("Cache clear: this JVM ends with " + unsent);
        }
    }

    /** How long there is still something to wait for; not above 0, nothing. Called with the lock. */
    private long millisOfFlush(long beganNanos) {
        long now = System.nanoTime();
        long ends = beganNanos + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
        long until = isIdle()
                ? Math.min(ends, Math.max(beganNanos, offeredAtNanos) + TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS))
                : ends;
        return until <= now ? 0 : TimeUnit.NANOSECONDS.toMillis(until - now) + 1;
    }

    /** Called with the lock. */
    private boolean isIdle() {
        return pending.isEmpty() && inFlight.isEmpty() && taken == null;
    }

    private void sendForEver() {
        boolean tried = false;
        while (true) {
            try {
                if (!tried) {
                    tried = true;
                    connectEarly();
                }
                awaitTurn();
                Exception failure = failure();
                if (failure == null) {
                    send(next());
                } else {
                    giveUp(failure);
                }
            } catch (InterruptedException e) {
                // Nobody of this component interrupts it, and there is no one who would send in its place.
                tried = true;
            } catch (Throwable e) {
                survive(e);
            }
        }
    }

    /** Whatever was not thought of: what it may have cost becomes a clear of everything. */
    private void survive(Throwable unforeseen) {
        try {
            giveUp(unforeseen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // Not even that, for want of memory. The next round tries again; without a pause it would spin.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS));
        }
    }

    /** So that the first clear need not wait for a connection; without a broker it is tried again then. */
    private void connectEarly() {
        try {
            link.open();
        } catch (NamingException | JMSException | RuntimeException | Error e) {
            link.close();
            log.warning("Cache clear: no connection to a broker yet: " + ClearLog.chain(e));
        }
    }

    /** Waits until there is one to hand over or a failure. */
    private void awaitTurn() throws InterruptedException {
        synchronized (lock) {
            boolean idle = false;
            while (failure() == null && (pending.isEmpty() || !inFlight.hasRoom())) {
                idle = pending.isEmpty();
                lock.wait(inFlight.isEmpty() ? 0 : millisUntilOverdue());
            }
            if (idle) {
                // The writer that woke this thread still has to give back its connection: what it sets off
                // here, in the broker and in the peers would take the processors from it.
                waitUnlessEnding(LINGER_MILLIS);
            }
        }
    }

    /** Whatever is notified meanwhile. Called with the lock. */
    private void waitUnlessEnding(long millis) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = untilNanos - System.nanoTime(); left > 0 && !ending; left = untilNanos - System.nanoTime()) {
            lock.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }

    /** At least 1, because 0 means for ever. Called with the lock. */
    private long millisUntilOverdue() {
        long waited = TimeUnit.NANOSECONDS.toMillis(inFlight.oldestNanos(System.nanoTime()));
        return Math.max(1, ANSWER_MILLIS - waited + 1);
    }

    /** Why what is in flight cannot be relied on; null while it can. */
    private Exception failure() {
        synchronized (lock) {
            if (inFlight.oldestNanos(System.nanoTime()) > TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS)) {
                inFlight.fail(new JMSException("the broker did not answer within " + ANSWER_MILLIS + " ms"));
            }
            return inFlight.failure();
        }
    }

    private PendingClears.Waiting next() {
        synchronized (lock) {
            PendingClears.Waiting next = pending.next();
            taken = next;
            return next;
        }
    }

    private void send(PendingClears.Waiting next) throws InterruptedException {
        CacheClear clear;
        String text;
        try {
            clear = next.everything ? everything.apply(next.scope) : next.clear();
            text = clear.context();
        } catch (MessageTextException | RuntimeException | Error e) {
            // Whatever a value of the user's does when it is written as XML, the connection is not to blame.
            lost(false, e);
            if (next.everything) {
                pause();
            }
            return;
        }
        Answer answer = handingOver(next, text.length());
        try {
            link.publish(clear.service(), text, answer);
        } catch (NamingException | JMSException | RuntimeException e) {
            // RuntimeException: a naming provider's class casts are no reason to stop for ever either.
            giveUp(e);
        }
    }

    private Answer handingOver(PendingClears.Waiting next, int length) {
        synchronized (lock) {
            Answer answer = new Answer(inFlight, inFlight.add(next, length, System.nanoTime()));
            taken = null;
            return answer;
        }
    }

    /** Nothing that is in flight can be relied on, nor can the connection. */
    private void giveUp(Throwable failure) throws InterruptedException {
        lost(true, failure);
        link.close();
        pause();
    }

    /** What was taken from the line and not handed over, and all in flight as well. Logs without the lock. */
    private void lost(boolean allInFlight, Throwable failure) {
        boolean first;
        synchronized (lock) {
            List<PendingClears.Waiting> lost = new ArrayList<>();
            if (allInFlight) {
                inFlight.messages().forEach(message -> lost.add(message.waiting));
                // An answer that comes all the same finds its message in the old one.
                inFlight = new InFlight();
            }
            if (taken != null) {
                lost.add(taken);
            }
            failures++;
            first = !pending.everythingWaits() && lost.stream().noneMatch(waiting -> waiting.everything);
            lost.forEach(waiting -> pending.lost(waiting, System.nanoTime()));
            taken = null;
        }
        if (first) {
            log.warning("Cache clear: a message may be lost; all nodes will be told to clear everything: "
                    + ClearLog.chain(failure));
        } else {
            log.info("Cache clear: the clear of everything is not sent yet: " + ClearLog.chain(failure));
        }
    }

    /** At the end of the JVM a broker that does not answer is asked again and again as well. */
    private void pause() throws InterruptedException {
        synchronized (lock) {
            long millis = backoff.nextMillis();
            waitUnlessEnding(millis);
            if (ending) {
                lock.wait(Math.min(millis, SHORTEST_PAUSE_MILLIS));
            }
        }
    }

    /** The broker's answer to one message; of no effect once the sender gave its message up. */
    private final class Answer implements Confirmation {
        private final InFlight of;
        private final InFlight.Message message;

        private Answer(InFlight of, InFlight.Message message) {
            this.of = of;
            this.message = message;
        }

        @Override
        public void confirmed() {
            synchronized (lock) {
                if (of != inFlight) {
                    return;
                }
                inFlight.confirmed(message);
                backoff.reset();
                latencies.add(System.nanoTime() - message.waiting.sinceNanos);
                if (message.waiting.everything) {
                    clearAllsSent++;
                } else {
                    sent++;
                }
                lock.notifyAll();
            }
            if (message.waiting.everything) {
                log.info("Cache clear: all nodes were told to clear everything (" + message.waiting.scope + ")");
            }
        }

        @Override
        public void refused(Exception failure) {
            synchronized (lock) {
                of.fail(failure);
                lock.notifyAll();
            }
        }
    }

    private final class Figures implements CacheClearMXBean {
        @Override
        public long getQueued() {
            synchronized (lock) {
                return pending.queued();
            }
        }

        @Override
        public long getSent() {
            synchronized (lock) {
                return sent;
            }
        }

        @Override
        public long getCoalesced() {
            synchronized (lock) {
                return pending.coalesced();
            }
        }

        @Override
        public long getDroppedToClearAll() {
            synchronized (lock) {
                return pending.dropped();
            }
        }

        @Override
        public long getClearAllsSent() {
            synchronized (lock) {
                return clearAllsSent;
            }
        }

        @Override
        public long getFailures() {
            synchronized (lock) {
                return failures;
            }
        }

        @Override
        public long getReconnects() {
            return link.reconnects();
        }

        @Override
        public int getQueueDepth() {
            synchronized (lock) {
                return pending.waiting() + (pending.everythingWaits() ? 1 : 0) + (taken == null ? 0 : 1)
                        + inFlight.size();
            }
        }

        @Override
        public double getOldestWaitingSeconds() {
            synchronized (lock) {
                long now = System.nanoTime();
                long oldest = Math.min(pending.oldestNanos(now), inFlight.oldestSinceNanos(now));
                return (now - (taken == null ? oldest : Math.min(oldest, taken.sinceNanos))) / 1e9;
            }
        }

        @Override
        public boolean isAlive() {
            synchronized (lock) {
                return thread != null && thread.isAlive();
            }
        }

        @Override
        public boolean isConnected() {
            return link.isConnected();
        }

        @Override
        public double getPublishMedianMillis() {
            synchronized (lock) {
                return latencies.quantileMillis(0.5);
            }
        }

        @Override
        public double getPublishP99Millis() {
            synchronized (lock) {
                return latencies.quantileMillis(0.99);
            }
        }
    }
}
