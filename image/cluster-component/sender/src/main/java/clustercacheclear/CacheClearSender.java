package clustercacheclear;

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

    private final Function<Scope, CacheClear> everything;
    private final ClearLog log;
    private final TopicLink link;
    private final int capacity;
    private final long capacityBytes;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    private final Object lock = new Object();
    private final ClearsOnTheWay clears;
    private final CacheClearMXBean figures;
    private long offeredAtNanos = System.nanoTime();
    /** The JVM ends: pauses between attempts are short from now on. */
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
        this.clears = new ClearsOnTheWay(collection());
        this.figures = new CacheClearFigures(lock, clears, link, this::isSenderAlive);
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
            clears.pending().addAll(committed, System.nanoTime());
            offered();
        }
    }

    /** To be called after the commit, or for what belongs to no transaction. Returns at once. */
    public void offer(CacheClear clear) {
        synchronized (lock) {
            clears.pending().add(clear, System.nanoTime());
            offered();
        }
    }

    /** Instead of a clear that could not be made. Returns at once. */
    public void offerEverything(Scope scope) {
        synchronized (lock) {
            clears.pending().clearEverything(scope, System.nanoTime());
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
        if (!started || isSenderAlive()) {
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

    /** Called with the lock. */
    private boolean isSenderAlive() {
        return thread != null && thread.isAlive();
    }

    /** The figures, read afresh by each getter. */
    public CacheClearMXBean figures() {
        return figures;
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
            unsent = clears.unsent();
        }
        if (!unsent.isEmpty()) {
            log.warning("Cache clear: this JVM ends with " + unsent);
        }
    }

    /** How long there is still something to wait for; not above 0, nothing. Called with the lock. */
    private long millisOfFlush(long beganNanos) {
        long now = System.nanoTime();
        long ends = beganNanos + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
        long until = clears.isEmpty()
                ? Math.min(ends, Math.max(beganNanos, offeredAtNanos) + TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS))
                : ends;
        return until <= now ? 0 : TimeUnit.NANOSECONDS.toMillis(until - now) + 1;
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
                // This component never interrupts it, and no other thread would send in its place.
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
            while (failure() == null && !(clears.isAnyWaiting() && clears.hasRoom())) {
                idle = !clears.isAnyWaiting();
                lock.wait(clears.isAnyInFlight() ? millisUntilOverdue() : 0);
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
        return Math.max(1, ANSWER_MILLIS - clears.unansweredMillis(System.nanoTime()) + 1);
    }

    /** Why what is in flight cannot be relied on; null while it can. */
    private Exception failure() {
        synchronized (lock) {
            return clears.failure(ANSWER_MILLIS, System.nanoTime());
        }
    }

    private PendingClears.Waiting next() {
        synchronized (lock) {
            return clears.take();
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
            return new Answer(clears.handOver(next, length, System.nanoTime()));
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
            first = clears.lost(allInFlight, System.nanoTime());
        }
        if (first) {
            log.warning("Cache clear: a message may be lost; all nodes will be sent a clear of everything: "
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
        private final InFlight.Message message;

        private Answer(InFlight.Message message) {
            this.message = message;
        }

        @Override
        public void confirmed() {
            synchronized (lock) {
                if (!clears.confirmed(message, System.nanoTime())) {
                    return;
                }
                backoff.reset();
                lock.notifyAll();
            }
            if (message.waiting.everything) {
                log.info("Cache clear: all nodes were sent a clear of everything (" + message.waiting.scope + ")");
            }
        }

        @Override
        public void refused(Exception failure) {
            synchronized (lock) {
                clears.refused(message, failure);
                lock.notifyAll();
            }
        }
    }
}
