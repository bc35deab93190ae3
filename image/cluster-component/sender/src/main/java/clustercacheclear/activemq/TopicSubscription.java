package clustercacheclear.activemq;

import clustercacheclear.Backoff;
import clustercacheclear.BrokerAccess;
import clustercacheclear.ClearLog;
import clustercacheclear.ClearReceiver;
import clustercacheclear.ClosingThread;
import clustercacheclear.NotFollowedException;
import clustercacheclear.Origins;
import clustercacheclear.OwnClears;
import clustercacheclear.Subscription;
import clustercacheclear.UnknownEntities;
import clustercacheclear.UnknownEntityException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Message;
import javax.jms.Session;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import javax.naming.NamingException;

/**
 * Keeps a subscription alive and knows when it had a gap. Whenever there is no connection, or it breaks, a new one
 * is asked for; what goes wrong meanwhile, whatever it is, is tried again.
 *
 * <p>After every gap, the one before the first subscription included, {@code mayHaveMissed} is run once
 * the new subscription is known to be in force: whatever is published from then on arrives. It is run too
 * for messages that the receiver cannot follow, for many of them once.
 */
public final class TopicSubscription implements Subscription, AutoCloseable {
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final long CLOSE_MILLIS = 1_000;
    private static final String NOTHING = "FALSE";

    private final BrokerAccess broker;
    private final ClearReceiver receiver;
    private final Runnable mayHaveMissed;
    private final OwnClears notFollowed;
    private final ClearLog log;
    private final AtomicLong received = new AtomicLong();
    private final Origins origins = new Origins();
    private final UnknownEntities unknown;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    private final Object change = new Object();
    private BoundedConnection connection;
    private boolean gap;
    private long sinceMillis;
    private boolean broken;
    private boolean closed;

    public TopicSubscription(BrokerAccess broker, ClearReceiver receiver, Runnable mayHaveMissed, ClearLog log) {
        this.broker = broker;
        this.receiver = receiver;
        this.mayHaveMissed = mayHaveMissed;
        this.notFollowed = new OwnClears(mayHaveMissed, log);
        this.unknown = new UnknownEntities(log);
        this.log = log;
    }

    public void start() {
        Thread thread = new Thread(this::keepSubscribed, "cache-clear-listener");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public OptionalLong subscribedSinceMillis() {
        synchronized (change) {
            return isSubscribed() ? OptionalLong.of(sinceMillis) : OptionalLong.empty();
        }
    }

    @Override
    public long received() {
        return received.get();
    }

    @Override
    public long notFollowed() {
        return notFollowed.wanted();
    }

    @Override
    public long unknownEntities() {
        return unknown.messages();
    }

    @Override
    public Map<String, Long> receivedFrom() {
        return origins.received();
    }

    /** Whether a message published now would arrive, and nothing before it is missing. */
    public boolean isSubscribed() {
        synchronized (change) {
            return connection != null && !gap && !broken && !closed;
        }
    }

    /** URL of the broker behind the subscription, without options; null when there is none. */
    public String liveBroker() {
        synchronized (change) {
            return isSubscribed() ? connection.broker() : null;
        }
    }

    @Override
    public void close() {
        synchronized (change) {
            closed = true;
            change.notifyAll();
        }
        abandon();
    }

    private void keepSubscribed() {
        while (!isClosed()) {
            try {
                confirm(subscribe());
                backoff.reset();
                awaitBreak();
            } catch (InterruptedException e) {
                // This component never interrupts it, and no other thread would listen in its place.
                Thread.interrupted();
            } catch (Throwable e) {
                say("No subscription to the topic, it will be tried again: ", e);
            }
            try {
                abandon();
                pause();
            } catch (Throwable e) {
                // For want of memory or threads; without a pause it would spin.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS));
            }
        }
    }

    /** The connection, subscribed as far as this side knows. */
    private BoundedConnection subscribe() throws NamingException, JMSException {
        BoundedConnection opened = BoundedConnection.of(broker.connect());
        synchronized (change) {
            connection = opened;
            gap = true;
            broken = false;
        }
        opened.setExceptionListener(failure -> breakDown(opened, failure));
        TopicSession session = opened.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        session.createSubscriber(broker.topic()).setMessageListener(this::receive);
        opened.start();
        return opened;
    }

    void receive(Message message) {
        received.incrementAndGet();
        try {
            origins.add(message.getStringProperty(Origins.PROPERTY));
            follow(message);
        } catch (UnknownEntityException e) {
            unknown.add(e);
        } catch (JMSException | NotFollowedException | RuntimeException | Error e) {
            // Error: a receiver compiled against another ERP than this one, or a message too deep to be read.
            clearFor(e);
        }
    }

    /** The client silently drops the message when anything gets out of {@link #receive}. */
    private void clearFor(Throwable failure) {
        try {
            notFollowed.want(ClearLog.chain(failure));
        } catch (RuntimeException | Error e) {
            say("This node's own caches cannot be cleared now, so it subscribes again: ", e);
            BoundedConnection current;
            synchronized (change) {
                current = connection;
            }
            breakDown(current, new JMSException("a message could not be followed"));
        }
    }

    private void follow(Message message) throws JMSException, NotFollowedException, UnknownEntityException {
        MapMessage map = message instanceof MapMessage ? (MapMessage) message : null;
        String service = map == null ? null : map.getString("serviceName");
        String context = map == null ? null : map.getString("serviceContext");
        if (service == null || context == null) {
            log.warning("Cache clear: a message of the topic names no service of the ERP; it is ignored");
            return;
        }
        receiver.follow(service, context);
    }

    /**
     * Ends the gap, unless the connection broke meanwhile.
     *
     * <p>The transport tells the broker of the subscription without waiting for an answer. A broker
     * works off a connection's commands in their order, so the answer to a later one, a subscription to
     * nothing, means that the earlier one is in force.
     */
    private void confirm(BoundedConnection opened) throws NamingException, JMSException {
        TopicSession session = opened.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        session.createSubscriber(broker.topic(), NOTHING, true).close();
        session.close();
        // A node that could not clear its caches must try again, not go on stale.
        mayHaveMissed.run();
        boolean subscribed;
        synchronized (change) {
            subscribed = !broken && !closed && opened.isUsable();
            gap = !subscribed;
            sinceMillis = System.currentTimeMillis();
        }
        if (subscribed) {
            log.info("Listening to the topic on " + opened.broker());
        }
    }

    private void awaitBreak() throws InterruptedException {
        synchronized (change) {
            while (!gap && !broken && !closed) {
                change.wait();
            }
        }
    }

    private void breakDown(BoundedConnection of, Exception failure) {
        synchronized (change) {
            if (closed || broken || connection != of) {
                return;
            }
            broken = true;
            change.notifyAll();
        }
        say("The connection to the topic broke: ", failure);
    }

    private void say(String what, Throwable failure) {
        try {
            log.warning("Cache clear: " + what + ClearLog.chain(failure));
        } catch (RuntimeException | Error e) {
            // A log that cannot be written is no reason to stop.
            return;
        }
    }

    private void pause() throws InterruptedException {
        synchronized (change) {
            if (!closed) {
                change.wait(backoff.nextMillis());
            }
        }
    }

    private boolean isClosed() {
        synchronized (change) {
            return closed;
        }
    }

    private void abandon() {
        TopicConnection last;
        synchronized (change) {
            last = connection;
            connection = null;
        }
        if (last == null) {
            return;
        }
        try {
            ClosingThread.close(last, log).join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
