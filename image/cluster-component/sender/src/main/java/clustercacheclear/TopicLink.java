package clustercacheclear;

import javax.jms.DeliveryMode;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Session;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import javax.naming.NamingException;

/** The one connection of the sender, opened when there is none. For the sending thread, where nothing else is said. */
final class TopicLink {
    /**
     * A clear has nothing to say that outlives the topic's subscriptions, which are not durable: a node
     * that was away clears everything. So nothing need reach the broker's disk.
     */
    static final int DELIVERY_MODE = DeliveryMode.NON_PERSISTENT;
    /**
     * Frees the broker of what a hung subscriber never fetches. Far beyond any difference of clocks,
     * because an early expiry would lose a clear; and such a subscriber's connection is given up, and
     * its caches cleared, long before.
     */
    static final long TIME_TO_LIVE_MILLIS = 3_600_000;
    /** As the stock sender's: no clear may overtake another node's where a broker honours priorities. */
    static final int PRIORITY = 4;

    private final SendingAccess broker;
    private final String origin;
    private final ClearLog log;
    private TopicConnection connection;
    private TopicSession session;
    private volatile ConfirmedPublisher publisher;
    private volatile boolean broken;
    private volatile long reconnects = -1;

    /** {@code origin}: this node's id, for those who count what each node sends. */
    TopicLink(SendingAccess broker, String origin, ClearLog log) {
        this.broker = broker;
        this.origin = origin;
        this.log = log;
    }

    /** Hands the message over; after an exception the broker may have it or not. */
    void publish(String service, String context, Confirmation answer) throws NamingException, JMSException {
        open();
        MapMessage message = session.createMapMessage();
        message.setString("serviceName", service);
        message.setString("serviceContext", context);
        message.setStringProperty(Origins.PROPERTY, origin);
        publisher.publish(message, DELIVERY_MODE, PRIORITY, TIME_TO_LIVE_MILLIS, answer);
    }

    void open() throws NamingException, JMSException {
        if (publisher != null && !broken) {
            return;
        }
        close();
        broken = false;
        connection = broker.connect();
        connection.setExceptionListener(failure -> broken = true);
        connection.start();
        session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        publisher = broker.publisher(connection, session);
        reconnects++;
    }

    /** From any thread. */
    boolean isConnected() {
        ConfirmedPublisher current = publisher;
        return current != null && !broken && current.isConnected();
    }

    /** Connections after the first one. From any thread. */
    long reconnects() {
        return Math.max(0, reconnects);
    }

    /** Returns at once, whatever the broker does. */
    void close() {
        TopicConnection last = connection;
        connection = null;
        session = null;
        publisher = null;
        if (last != null) {
            ClosingThread.close(last, log);
        }
    }
}
