package clustercacheclear.activemq;

import clustercacheclear.BrokerAccess;
import clustercacheclear.ClearLog;
import clustercacheclear.ClearReceiver;
import clustercacheclear.ClosingThread;
import clustercacheclear.NotFollowedException;
import clustercacheclear.Subscription;
import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Message;
import javax.jms.Session;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import javax.naming.NamingException;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.failover.FailoverTransport;

/**
 * Keeps a subscription alive and knows when it had a gap. A broker that is absent at boot is tried
 * again; one that goes away later is left to the failover transport, which subscribes again by itself
 * on the next broker, and to a new connection where that gives up.
 *
 * <p>After every gap, the one before the first subscription included, {@code mayHaveMissed} is run once
 * the new subscription is known to be in force: whatever is published from then on arrives. It is run too
 * for every message that the receiver cannot follow.
 */
public final class TopicSubscription implements Subscription, AutoCloseable {
    private static final long RETRY_MILLIS = 2_000;
    private static final long CLOSE_MILLIS = 1_000;
    private static final String NOTHING = "FALSE";

    private final BrokerAccess broker;
    private final ClearReceiver receiver;
    private final Runnable mayHaveMissed;
    private final ClearLog log;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong notFollowed = new AtomicLong();

    private final Object change = new Object();
    private ActiveMQConnection connection;
    private boolean gap;
    private long sinceMillis;
    private boolean resumed;
    private boolean broken;
    private boolean closed;

    public TopicSubscription(BrokerAccess broker, ClearReceiver receiver, Runnable mayHaveMissed, ClearLog log) {
        this.broker = broker;
        this.receiver = receiver;
        this.mayHaveMissed = mayHaveMissed;
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
        return notFollowed.get();
    }

    /** Whether a message published now would arrive, and nothing before it is missing. */
    public boolean isSubscribed() {
        synchronized (change) {
            return connection != null && !gap && !broken && !closed;
        }
    }

    /** URL of the broker behind the subscription, without options; null when there is none. */
    public String liveBroker() {
        ActiveMQConnection current;
        synchronized (change) {
            if (!isSubscribed()) {
                return null;
            }
            current = connection;
        }
        FailoverTransport failover = current.getTransport().narrow(FailoverTransport.class);
        if (failover == null) {
            return current.getTransport().getRemoteAddress();
        }
        URI uri = failover.getConnectedTransportURI();
        return uri == null ? null : uri.toString().replaceFirst("[?].*", "");
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
        try {
            while (!isClosed()) {
                ActiveMQConnection opened = subscribe();
                while (opened != null && confirm(opened)) {
                    awaitResumption();
                }
                abandon();
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The connection, subscribed as far as this side knows; null when that failed. */
    private ActiveMQConnection subscribe() {
        TopicConnection opened = null;
        try {
            opened = broker.connect();
            ActiveMQConnection own = (ActiveMQConnection) opened;
            synchronized (change) {
                connection = own;
                gap = true;
                resumed = false;
                broken = false;
            }
            watch(own);
            TopicSession session = own.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createSubscriber(broker.topic()).setMessageListener(this::receive);
            own.start();
            return own;
        } catch (NamingException | JMSException e) {
            log.info("No subscription to the topic; next try in " + RETRY_MILLIS + " ms: " + ClearLog.chain(e));
            return null;
        }
    }

    void receive(Message message) {
        received.incrementAndGet();
        try {
            follow(message);
        } catch (JMSException | NotFollowedException | RuntimeException | LinkageError e) {
            // LinkageError: a receiver compiled against another ERP than this one; nobody else would say so.
            notFollowed.incrementAndGet();
            log.warning("Cache clear: a message cannot be followed, so this node clears its own caches: "
                    + ClearLog.chain(e));
            mayHaveMissed.run();
        }
    }

    private void follow(Message message) throws JMSException, NotFollowedException {
        MapMessage map = message instanceof MapMessage ? (MapMessage) message : null;
        String service = map == null ? null : map.getString("serviceName");
        String context = map == null ? null : map.getString("serviceContext");
        if (service == null || context == null) {
            log.warning("Cache clear: a message of the topic names no service of the ERP; it is ignored");
            return;
        }
        receiver.follow(service, context);
    }

    private void watch(ActiveMQConnection opened) throws JMSException {
        opened.setExceptionListener(failure -> breakDown(opened, failure));
        opened.addTransportListener(new DefaultTransportListener() {
            @Override
            public void transportInterupted() {
                interrupt(opened);
            }

            @Override
            public void transportResumed() {
                resume(opened);
            }

            @Override
            public void onException(IOException failure) {
                breakDown(opened, failure);
            }
        });
    }

    /**
     * Ends the gap unless a new one began meanwhile; false when the connection is of no use any more.
     *
     * <p>The transport tells the broker of the subscription without waiting for an answer. A broker
     * works off a connection's commands in their order, so the answer to a later one, a subscription to
     * nothing, means that the earlier one is in force.
     */
    private boolean confirm(ActiveMQConnection opened) {
        synchronized (change) {
            if (closed || broken) {
                return false;
            }
            resumed = false;
        }
        try {
            TopicSession session = opened.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            Topic topic = broker.topic();
            session.createSubscriber(topic, NOTHING, true).close();
            session.close();
            mayHaveMissed.run();
        } catch (NamingException | JMSException | RuntimeException e) {
            // RuntimeException: a node that could not clear its caches must try again, not go on stale.
            log.warning("The subscription to the topic is not certain: " + ClearLog.chain(e));
            return false;
        }
        boolean subscribed;
        synchronized (change) {
            subscribed = !resumed && !broken && !closed && opened.getTransport().isConnected();
            gap = !subscribed;
            sinceMillis = System.currentTimeMillis();
        }
        if (subscribed) {
            log.info("Listening to the topic on " + liveBroker());
        }
        return true;
    }

    private void awaitResumption() throws InterruptedException {
        synchronized (change) {
            while (!resumed && !broken && !closed) {
                change.wait();
            }
        }
    }

    private void interrupt(ActiveMQConnection of) {
        boolean lost;
        synchronized (change) {
            lost = connection == of && !gap;
            gap |= connection == of;
        }
        if (lost) {
            log.info("The broker is gone; waiting for one");
        }
    }

    private void resume(ActiveMQConnection of) {
        synchronized (change) {
            if (connection == of) {
                // Also where the interruption was not told: a new transport is a gap.
                gap = true;
                resumed = true;
                change.notifyAll();
            }
        }
    }

    private void breakDown(ActiveMQConnection of, Exception failure) {
        synchronized (change) {
            if (closed || broken || connection != of) {
                return;
            }
            broken = true;
            change.notifyAll();
        }
        log.warning("The connection to the topic broke: " + ClearLog.chain(failure));
    }

    private void pause() throws InterruptedException {
        synchronized (change) {
            if (!closed) {
                change.wait(RETRY_MILLIS);
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
