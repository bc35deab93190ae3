package referencenode.cacheclear;

import clustercacheclear.CacheClearMXBean;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Message;
import javax.jms.Session;
import javax.jms.TopicConnection;
import javax.naming.NamingException;
import referencenode.Log;
import referencenode.config.JmsServer;
import referencenode.database.Database;
import referencenode.database.EntityModel;
import referencenode.database.EntityValue;

/**
 * Many subscribers of the cluster's topic and one node that writes, in one JVM, so that one clock tells
 * how long a clear took. The subscribers, a connection each, only look when the row was written.
 */
public final class FanOut {
    private static final Log LOG = new Log(FanOut.class);
    private static final int WRITERS = 8;
    /** A node that serves is past its first thousands of messages, whose code is not compiled yet. */
    private static final int WARM_UP_SECONDS = 3;
    private static final int BUCKETS_PER_MILLI = 10;
    private static final int LONGEST_MILLIS = 60_000;
    private static final long DELIVERY_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 10;
    private static final String VALUE = "rowValue=\"";

    private final JmsServer server;
    private final Database database;
    private final CacheClearSender sender;
    private final Optional<CacheClearMXBean> figures;

    private final AtomicLongArray latencies = new AtomicLongArray(LONGEST_MILLIS * BUCKETS_PER_MILLI + 1);
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong clearAllDeliveries = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private long sentBefore;
    private long droppedBefore;

    public FanOut(JmsServer server, Database database, CacheClearSender sender, Optional<CacheClearMXBean> figures) {
        this.server = server;
        this.database = database;
        this.sender = sender;
        this.figures = figures;
    }

    /** Writes for so long at that rate, or as fast as it goes, waits until all is delivered, and says how it went. */
    public Map<String, Object> run(int subscribers, int writesPerSecond, int seconds)
            throws NamingException, JMSException, InterruptedException {
        List<TopicConnection> connections = new ArrayList<>();
        try {
            for (int number = 0; number < subscribers; number++) {
                connections.add(subscribe());
            }
            write(writesPerSecond, WARM_UP_SECONDS, System.nanoTime());
            awaitDelivery(subscribers);
            forgetWarmUp();
            long started = System.nanoTime();
            int deepest = write(writesPerSecond, seconds, started);
            double took = (System.nanoTime() - started) / 1e9;
            awaitDelivery(subscribers);
            return result(subscribers, took, deepest);
        } finally {
            for (TopicConnection connection : connections) {
                connection.close();
            }
        }
    }

    private void forgetWarmUp() {
        sentBefore = figures.map(CacheClearMXBean::getSent).orElse(0L);
        droppedBefore = figures.map(CacheClearMXBean::getDroppedToClearAll).orElse(0L);
        for (AtomicLong count : List.of(writes, failures, deliveries, clearAllDeliveries)) {
            count.set(0);
        }
        for (int bucket = 0; bucket < latencies.length(); bucket++) {
            latencies.set(bucket, 0);
        }
    }

    private TopicConnection subscribe() throws NamingException, JMSException {
        Topic topic = new Topic(server);
        TopicConnection connection = topic.connect();
        connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE)
                .createSubscriber(topic.topic()).setMessageListener(this::receive);
        connection.start();
        return connection;
    }

    private void receive(Message message) {
        try {
            String context = ((MapMessage) message).getString("serviceContext");
            int at = context.indexOf(VALUE);
            if (at < 0) {
                clearAllDeliveries.incrementAndGet();
                return;
            }
            int from = at + VALUE.length();
            long written = Long.parseLong(context.substring(from, context.indexOf('"', from)));
            long bucket = (System.nanoTime() - written) * BUCKETS_PER_MILLI / TimeUnit.MILLISECONDS.toNanos(1);
            latencies.incrementAndGet((int) Math.min(bucket, latencies.length() - 1));
            deliveries.incrementAndGet();
        } catch (JMSException e) {
            LOG.error("A message cannot be read", e);
        }
    }

    /** The greatest depth of the queue that was seen. */
    private int write(int writesPerSecond, int seconds, long started) throws InterruptedException {
        long ends = started + TimeUnit.SECONDS.toNanos(seconds);
        long pace = TimeUnit.SECONDS.toNanos(WRITERS) / writesPerSecond;
        List<Thread> writers = new ArrayList<>();
        for (int number = 0; number < WRITERS; number++) {
            long first = started + pace * number / WRITERS;
            Thread writer = new Thread(() -> writeUntil(ends, first, pace), "fan-out-writer-" + number);
            writer.start();
            writers.add(writer);
        }
        int deepest = 0;
        while (writers.stream().anyMatch(Thread::isAlive)) {
            deepest = Math.max(deepest, queueDepth());
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return deepest;
    }

    private void writeUntil(long ends, long first, long pace) {
        for (long due = first; due < ends && System.nanoTime() < ends; due += pace) {
            try {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                write(writes.incrementAndGet());
            } catch (SQLException | CacheClearException e) {
                failures.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A committed transaction with one row of its own key; the database is asked for no more than the sender asks. */
    private void write(long number) throws SQLException, CacheClearException {
        database.inTransaction(transaction -> {
            sender.clearLine(new EntityValue(EntityModel.REFERENCE_ROW)
                    .put("rowKey", "fan-out." + number)
                    .put("rowValue", Long.toString(System.nanoTime())), transaction);
            return null;
        });
    }

    private void awaitDelivery(int subscribers) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DELIVERY_MILLIS);
        while ((queueDepth() > 0 || missing(subscribers) > 0) && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private int queueDepth() {
        return figures.map(CacheClearMXBean::getQueueDepth).orElse(0);
    }

    private long missing(int subscribers) {
        long sent = figures.map(CacheClearMXBean::getSent).orElse(writes.get() - failures.get());
        return (sent - sentBefore) * subscribers - deliveries.get();
    }

    private Map<String, Object> result(int subscribers, double took, int deepest) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("subscribers", subscribers);
        result.put("seconds", took);
        result.put("writes", writes.get());
        result.put("failures", failures.get());
        result.put("writesPerSecond", (writes.get() - failures.get()) / took);
        result.put("deepestQueue", deepest);
        result.put("droppedToClearAll", figures.map(CacheClearMXBean::getDroppedToClearAll).orElse(0L) - droppedBefore);
        result.put("deliveries", deliveries.get());
        result.put("clearAllDeliveries", clearAllDeliveries.get());
        result.put("missing", missing(subscribers));
        result.put("medianMs", quantileMillis(0.5));
        result.put("p99Ms", quantileMillis(0.99));
        return result;
    }

    private double quantileMillis(double share) {
        long below = 0;
        long wanted = (long) Math.ceil(share * deliveries.get());
        for (int bucket = 0; bucket < latencies.length(); bucket++) {
            below += latencies.get(bucket);
            if (below >= wanted) {
                return (double) bucket / BUCKETS_PER_MILLI;
            }
        }
        return LONGEST_MILLIS;
    }
}
