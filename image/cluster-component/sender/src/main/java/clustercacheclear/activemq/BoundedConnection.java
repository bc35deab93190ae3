package clustercacheclear.activemq;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import javax.jms.JMSException;
import javax.jms.TopicConnection;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.advisory.AdvisorySupport;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.RemoveInfo;
import org.apache.activemq.command.Response;
import org.apache.activemq.management.JMSStatsImpl;
import org.apache.activemq.transport.RequestTimedOutIOException;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.util.IdGenerator;

/** A connection to one broker on which no wait is without end; a broker that lets one wait is given up. */
final class BoundedConnection extends ActiveMQConnection {
    /** Beside the client's own wait for the broker's answer to the farewell. */
    private static final long CLOSE_MORE_MILLIS = 100;

    private final String broker;
    private final ConnectionAttempt attempt;
    private final Runnable brokerFailed;
    private final RequestLimits limits;

    BoundedConnection(Transport transport, IdGenerator clientIds, IdGenerator connectionIds, JMSStatsImpl stats,
            String broker, ConnectionAttempt attempt, Runnable brokerFailed, RequestLimits limits) throws Exception {
        super(transport, clientIds, connectionIds, stats);
        this.broker = broker;
        this.attempt = attempt;
        this.brokerFailed = brokerFailed;
        this.limits = limits;
    }

    /** Throws for any other: it might wait for ever. */
    static BoundedConnection of(TopicConnection connection) throws JMSException {
        if (connection instanceof BoundedConnection) {
            return (BoundedConnection) connection;
        }
        throw new JMSException("jndi.properties: the connection factory made a " + connection.getClass().getName()
                + ", whose waits have no end; java.naming.factory.initial must be "
                + BrokerContextFactory.class.getName());
    }

    void identifyAs(String user, String password) {
        setUserName(user);
        setPassword(password);
    }

    /** URL of its broker, without options. */
    String broker() {
        return broker;
    }

    /** Whether there is a broker behind it, as far as this side knows. */
    boolean isUsable() {
        return !isClosed() && !isTransportFailed() && getTransport().isConnected();
    }

    /** Every request comes this way (ActiveMQConnection.java, ActiveMQSession.java). */
    @Override
    public Response syncSendPacket(Command command, int timeoutMillis) throws JMSException {
        try {
            Response answer = super.syncSendPacket(command, limits.millis(timeoutMillis));
            if (isUse(command)) {
                limits.usedOnce();
            }
            return answer;
        } catch (JMSException e) {
            // A farewell without an answer is none of its fault: what was said before is confirmed.
            if (e.getCause() instanceof RequestTimedOutIOException && !(command instanceof RemoveInfo)) {
                brokerFailed.run();
                attempt.closeSockets();
            }
            throw e;
        }
    }

    private static boolean isUse(Command command) {
        return command instanceof Message
                || command instanceof ConsumerInfo
                && !AdvisorySupport.isAdvisoryTopic(((ConsumerInfo) command).getDestination());
    }

    /**
     * What a broken connection had is gone at the broker too, so there is no one to tell. Otherwise the ERP's
     * listener fails while it closes its session, and waits 10 s before it makes a new one
     * (AbstractJmsListener.java, onException).
     */
    @Override
    public void asyncSendPacket(Command command) throws JMSException {
        try {
            super.asyncSendPacket(command);
        } catch (JMSException e) {
            if (!(command instanceof RemoveInfo)) {
                throw e;
            }
        }
    }

    @Override
    public void onException(IOException failure) {
        brokerFailed.run();
        super.onException(failure);
        attempt.closeSockets();
    }

    /** Throws nothing, or the ERP's listener would wait for 10 s again: what was sent is confirmed, and the sockets are closed either way. */
    @Override
    public void close() {
        ScheduledFuture<?> end = Clock.after(getCloseTimeout() + CLOSE_MORE_MILLIS, attempt::closeSockets);
        try {
            super.close();
        } catch (JMSException e) {
            attempt.closeSockets();
        } finally {
            end.cancel(false);
            attempt.closeSockets();
        }
    }
}
