package clustercacheclear.activemq;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.jms.JMSException;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.command.KeepAliveInfo;
import org.apache.activemq.management.JMSStatsImpl;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.util.JMSExceptionSupport;
import org.apache.activemq.util.URISupport;

/**
 * Connects to one broker of a {@code failover:} URL after the other, the ones that failed last, and gives each its
 * time: name, TCP, TLS and the broker's greeting. A connection stays with its broker; when that is gone the
 * connection breaks, and the next one is asked for here.
 *
 * <p>ActiveMQ's own failover transport is not used: it does not limit a TLS handshake, holds the lock meanwhile
 * that its own time-out needs, and begins every new connection at the first broker.
 *
 * <p>The properties are set by options {@code jms.<name>} of the URL. What stands behind {@code nested.} goes to
 * each broker's transport.
 */
public final class BoundedConnectionFactory extends ActiveMQConnectionFactory {
    private static final long serialVersionUID = 1L;
    private static final String NESTED = "nested.";

    private int attemptMillis = 1_900;
    private int connectMillis = 3_800;
    private int firstUseMillis = 4_000;
    private int requestMillis = 3_000;

    public BoundedConnectionFactory() {
    }

    public BoundedConnectionFactory(String brokerUrl) {
        super(brokerUrl);
    }

    /** The longest time that one broker is given. */
    public void setAttemptMillis(int attemptMillis) {
        this.attemptMillis = attemptMillis;
    }

    public int getAttemptMillis() {
        return attemptMillis;
    }

    /** The longest time that all brokers together are given. */
    public void setConnectMillis(int connectMillis) {
        this.connectMillis = connectMillis;
    }

    public int getConnectMillis() {
        return connectMillis;
    }

    /** The longest time from asking for a connection to the answer to its first message. */
    public void setFirstUseMillis(int firstUseMillis) {
        this.firstUseMillis = firstUseMillis;
    }

    public int getFirstUseMillis() {
        return firstUseMillis;
    }

    /** The longest wait for any answer of a broker. */
    public void setRequestMillis(int requestMillis) {
        this.requestMillis = requestMillis;
    }

    public int getRequestMillis() {
        return requestMillis;
    }

    @Override
    protected ActiveMQConnection createActiveMQConnection(String user, String password) throws JMSException {
        long asked = System.nanoTime();
        BrokerOrder order = BrokerOrder.of(brokers());
        List<String> failures = new ArrayList<>();
        Exception last = null;
        for (URI broker : order.now()) {
            long left = connectMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            if (left <= 0) {
                break;
            }
            try {
                return attempt(broker, order, Math.min(left, attemptMillis), asked, user, password);
            } catch (JMSException e) {
                order.failed(broker);
                failures.add(e.getMessage());
                last = e;
            }
        }
        throw JMSExceptionSupport.create(failures.isEmpty() ? "no broker in " + getBrokerURL()
                : "no broker answered: " + String.join("; ", failures), last);
    }

    /** Ends when its time is over, whatever the library does then. */
    private ActiveMQConnection attempt(URI broker, BrokerOrder order, long millis, long asked, String user,
            String password) throws JMSException {
        ConnectionAttempt attempt = new ConnectionAttempt(millis);
        Future<ActiveMQConnection> opening =
                Clock.run(() -> open(broker, order, attempt, asked, user, password));
        try {
            try {
                return opening.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (attempt.end()) {
                    throw new JMSException(shown(broker) + ": " + attempt.phase() + ": not done within "
                            + millis + " ms");
                }
                return opening.get();
            }
        } catch (InterruptedException e) {
            attempt.end();
            Thread.currentThread().interrupt();
            throw JMSExceptionSupport.create(shown(broker) + ": interrupted", e);
        } catch (ExecutionException e) {
            throw failed(broker, attempt, e.getCause());
        }
    }

    private static JMSException failed(URI broker, ConnectionAttempt attempt, Throwable cause) {
        if (cause instanceof Error) {
            throw (Error) cause;
        }
        Exception because = (Exception) cause;
        return JMSExceptionSupport.create(
                shown(broker) + ": " + attempt.phase() + ": " + because.getMessage(), because);
    }

    private ActiveMQConnection open(URI broker, BrokerOrder order, ConnectionAttempt attempt, long asked,
            String user, String password) throws Exception {
        BoundedConnection connection = null;
        try {
            Transport transport = OneBrokerTransport.to(broker, attempt);
            connection = new BoundedConnection(transport, getClientIdGenerator(), getConnectionIdGenerator(),
                    (JMSStatsImpl) getStats(), shown(broker), attempt, () -> order.failed(broker),
                    new RequestLimits(requestMillis, asked + TimeUnit.MILLISECONDS.toNanos(firstUseMillis)));
            connection.identifyAs(user, password);
            configureConnection(connection);
            transport.start();
            attempt.begin("greeting");
            // Waits for the broker's first word; the broker makes nothing of it.
            transport.oneway(new KeepAliveInfo());
            if (getClientID() != null) {
                connection.setDefaultClientID(getClientID());
            }
            if (!attempt.succeed()) {
                throw new JMSException("its time was over");
            }
            return connection;
        } catch (Throwable e) {
            attempt.end();
            if (connection != null) {
                connection.close();
            }
            throw e;
        }
    }

    /** Each broker's own URL, with the options that are for it. */
    private List<URI> brokers() throws JMSException {
        try {
            URI url = new URI(getBrokerURL());
            if (!URISupport.isCompositeURI(url)) {
                return List.of(url);
            }
            URISupport.CompositeData all = URISupport.parseComposite(url);
            Map<String, String> nested = new TreeMap<>();
            all.getParameters().forEach((name, value) -> {
                if (name.startsWith(NESTED)) {
                    nested.put(name.substring(NESTED.length()), value);
                }
            });
            List<URI> brokers = new ArrayList<>();
            for (URI broker : all.getComponents()) {
                brokers.add(URISupport.applyParameters(broker, nested));
            }
            return brokers;
        } catch (URISyntaxException e) {
            throw JMSExceptionSupport.create("java.naming.provider.url: got " + getBrokerURL(), e);
        }
    }

    private static String shown(URI broker) {
        return broker.toString().replaceFirst("[?].*", "");
    }
}
