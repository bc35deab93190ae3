package clustercacheclear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.jms.JMSException;
import javax.naming.NamingException;

/**
 * Sends the clears of committed transactions, in their order, from one thread over one connection. A
 * writer hands over and goes on; it never waits for a broker. Nor does the thread wait for the answer to
 * one message before it hands over the next. What may have been lost, and what there is no room for,
 * becomes one clear of everything on all nodes, sent as soon as a broker answers.
 */
public final class CacheClearSender implements AutoCloseable {
    /** About 10 MB of rows at most; at 1,000 rows a second, ten seconds without a broker. */
    public static final int CAPACITY = 10_000;
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final long ANSWER_MILLIS = 3_000;
    private static final long LINGER_MILLIS = 2;
    private static final long CLOSE_MILLIS = 2_000;
    private static final int LATENCIES = 1_024;

    private final Function<Scope, CacheClear> everything;
    private final ClearLog log;
    private final TopicLink link;
    private final Thread thread;
    private final int capacity;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    private final Object lock = new Object();
    private final PendingClears pending;
    private InFlight inFlight = new InFlight();
    private final LatencyWindow latencies = new LatencyWindow(LATENCIES);
    private long sent;
    private long clearAllsSent;
    private long failures;
    /** One is taken from what waits and not yet in flight. */
    private boolean underWay;
    private boolean closing;

    /** {@code everything} makes the message that clears all caches of a scope. */
    public CacheClearSender(SendingAccess broker, Function<Scope, CacheClear> everything, ClearLog log) {
        this(broker, everything, log, CAPACITY);
    }

    CacheClearSender(SendingAccess broker, Function<Scope, CacheClear> everything, ClearLog log, int capacity) {
        this.everything = everything;
        this.log = log;
        this.link = new TopicLink(broker, log);
        this.capacity = capacity;
        this.pending = new PendingClears(capacity);
        this.thread = new Thread(this::sendUntilClosed, "cache-clear-sender");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    int capacity() {
        return capacity;
    }

    /** To be called after the commit. Returns at once. */
    public void offer(PendingClears committed) {
        synchronized (lock) {
            pending.addAll(committed, System.nanoTime());
            lock.notifyAll();
        }
    }

    /** To be called after the commit, or for what belongs to no transaction. Returns at once. */
    public void offer(CacheClear clear) {
        synchronized (lock) {
            pending.add(clear, System.nanoTime());
            lock.notifyAll();
        }
    }

    /** The figures, read afresh by each getter. */
    public CacheClearMXBean figures() {
        return new Figures();
    }

    /** What still waits is sent if a broker takes it within two seconds; then the thread is gone. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        synchronized (lock) {
            if (!pending.isEmpty() || !inFlight.isEmpty()) {
                log.warning("Cache clear: stopped with " + (pending.waiting() + inFlight.size()) + " clears unsent"
                        + (pending.everythingWaits() ? " and a clear of everything" : ""));
            }
        }
    }

    private void sendUntilClosed() {
        try {
            connectEarly();
            while (awaitTurn()) {
                Exception failure = failure();
                if (failure == null) {
                    send(next());
                } else {
                    giveUp(failure);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link.close();
        }
    }

    /** So that the first clear need not wait for a connection; without a broker it is tried again then. */
    private void connectEarly() {
        try {
            link.open();
        } catch (NamingException | JMSException | RuntimeException e) {
            link.close();
            log.warning("Cache clear: no connection to a broker yet: " + ClearLog.chain(e));
        }
    }

    /** Waits until there is one to hand over or a failure; false when closing and all is confirmed. */
    private boolean awaitTurn() throws InterruptedException {
        synchronized (lock) {
            boolean idle = false;
            while (failure() == null && (pending.isEmpty() || !inFlight.hasRoom())) {
                if (closing && pending.isEmpty() && inFlight.isEmpty()) {
                    return false;
                }
                idle = pending.isEmpty();
                lock.wait(inFlight.isEmpty() ? 0 : millisUntilOverdue());
            }
            if (idle) {
                // The writer that woke this thread still has to give back its connection: what it sets off
                // here, in the broker and in the peers would take the processors from it.
                waitUnlessClosing(LINGER_MILLIS);
            }
            return true;
        }
    }

    /** Whatever is notified meanwhile. Called with the lock. */
    private void waitUnlessClosing(long millis) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = untilNanos - System.nanoTime(); left > 0 && !closing; left = untilNanos - System.nanoTime()) {
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
            underWay = true;
            return pending.next();
        }
    }

    private void send(PendingClears.Waiting next) throws InterruptedException {
        CacheClear clear = next.everything ? everything.apply(next.scope) : next.clear();
        String text;
        try {
            text = clear.context();
        } catch (MessageTextException | RuntimeException e) {
            // Whatever a value of the user's does when it is written as XML, the thread must outlive it.
            lost(List.of(next), e);
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
            underWay = false;
            return new Answer(inFlight, inFlight.add(next, length, System.nanoTime()));
        }
    }

    /** Nothing that is in flight can be relied on, nor can the connection. */
    private void giveUp(Exception failure) throws InterruptedException {
        List<PendingClears.Waiting> unconfirmed = new ArrayList<>();
        synchronized (lock) {
            inFlight.messages().forEach(message -> unconfirmed.add(message.waiting));
            // An answer that comes all the same finds its message in the old one.
            inFlight = new InFlight();
            lost(unconfirmed, failure);
        }
        link.close();
        pause();
    }

    private void lost(List<PendingClears.Waiting> unconfirmed, Exception failure) {
        boolean first;
        synchronized (lock) {
            underWay = false;
            failures++;
            first = !pending.everythingWaits() && unconfirmed.stream().noneMatch(waiting -> waiting.everything);
            unconfirmed.forEach(waiting -> pending.lost(waiting, System.nanoTime()));
        }
        if (first) {
            log.warning("Cache clear: a message may be lost; all nodes will be told to clear everything: "
                    + ClearLog.chain(failure));
        } else {
            log.info("Cache clear: the clear of everything is not sent yet: " + ClearLog.chain(failure));
        }
    }

    private void pause() throws InterruptedException {
        synchronized (lock) {
            waitUnlessClosing(backoff.nextMillis());
            if (closing) {
                throw new InterruptedException("closing while no broker answers");
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
                return pending.waiting() + (pending.everythingWaits() ? 1 : 0) + (underWay ? 1 : 0)
                        + inFlight.size();
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
