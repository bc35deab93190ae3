package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Hashtable;
import java.util.concurrent.TimeUnit;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Session;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.jms.TopicConnectionFactory;
import javax.jms.TopicPublisher;
import javax.jms.TopicSession;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The calls of the ERP's own sender (JmsServiceEngine.java, runTopic), which stands in a request and its database
 * transaction: never held for five seconds, wherever the broker falls silent.
 */
@Timeout(60)
class StockPathTest {
    private static final long LONGEST_MILLIS = 5_000;
    private static final int LARGE = 8 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"ConnectionInfo", "ProducerInfo", "ActiveMQMapMessage"})
    void aBrokerThatFallsSilentHoldsNoRequest(String from) throws Exception {
        try (HalfBroker broker = new HalfBroker(from); SilentServer silent = new SilentServer()) {
            String url = "failover:(tcp://127.0.0.1:" + silent.port() + ",tcp://127.0.0.1:" + broker.port() + ")";
            long began = System.nanoTime();
            assertThrows(JMSException.class, () -> publish(url, "small"));
            assertShort(began);
        }
    }

    @Test
    void nothingIsSaidOfAMissingFarewell() throws Exception {
        try (HalfBroker broker = new HalfBroker("RemoveInfo")) {
            long began = System.nanoTime();
            publish("failover:(tcp://127.0.0.1:" + broker.port() + ")", "small");
            assertShort(began);
        }
    }

    /** More than sockets hold: the write itself waits. */
    @Test
    void aBrokerThatReadsNoMoreHoldsNoRequest() throws Exception {
        try (HalfBroker broker = new HalfBroker("none", "ProducerInfo")) {
            long began = System.nanoTime();
            assertThrows(JMSException.class, () -> publish(
                    "failover:(tcp://127.0.0.1:" + broker.port() + ")", "x".repeat(LARGE)));
            assertShort(began);
        }
    }

    private static void assertShort(long began) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(millis < LONGEST_MILLIS, millis + " ms");
    }

    private static void publish(String url, String context) throws NamingException, JMSException {
        Hashtable<String, String> properties = new Hashtable<>();
        properties.put("java.naming.factory.initial", BrokerContextFactory.class.getName());
        properties.put("java.naming.provider.url", url + "?jms.closeTimeout=400");
        properties.put("connectionFactoryNames", "topicConnectionFactory");
        properties.put("topic.ScipioTopic", "ScipioTopic");
        InitialContext jndi = new InitialContext(properties);
        TopicConnectionFactory factory = (TopicConnectionFactory) jndi.lookup("topicConnectionFactory");
        TopicConnection connection = factory.createTopicConnection("user", "password");
        connection.start();
        TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicPublisher publisher = session.createPublisher((Topic) jndi.lookup("ScipioTopic"));
        MapMessage message = session.createMapMessage();
        message.setString("serviceName", "clearCacheLineByValue");
        message.setString("serviceContext", context);
        publisher.publish(message);
        publisher.close();
        session.close();
        connection.close();
    }
}
