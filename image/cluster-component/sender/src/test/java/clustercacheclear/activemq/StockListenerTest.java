package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import javax.jms.JMSException;
import javax.jms.Session;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import org.apache.activemq.command.ActiveMQTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of the ERP's own listener (JmsTopicListener.java, AbstractJmsListener.java), whose broker dies. */
@Timeout(60)
class StockListenerTest {
    private static final long WITHIN_MILLIS = 5_000;

    @Test
    void itSubscribesAtTheNextBrokerWithoutItsOwnPauseOfTenSeconds() throws Exception {
        HalfBroker first = new HalfBroker("none");
        try (HalfBroker second = new HalfBroker("none")) {
            StockListener listener = new StockListener("failover:(tcp://127.0.0.1:" + first.port()
                    + ",tcp://127.0.0.1:" + second.port() + ")?jms.closeTimeout=400");
            listener.load();
            assertTrue(first.consumers() > 0);
            first.close();
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WITHIN_MILLIS);
            while (second.consumers() == 0) {
                assertTrue(System.nanoTime() < until, "not subscribed again");
                Thread.sleep(10);
            }
            listener.connection.close();
        }
    }

    private static final class StockListener {
        private final BoundedConnectionFactory factory;
        private volatile TopicConnection connection;
        private TopicSession session;
        private boolean connected;

        StockListener(String url) {
            factory = new BoundedConnectionFactory(url);
        }

        void load() throws JMSException {
            connection = factory.createTopicConnection("user", "password");
            connection.setExceptionListener(failure -> refreshUntilConnected());
            session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createSubscriber(new ActiveMQTopic("ScipioTopic")).setMessageListener(message -> { });
            connection.start();
            connected = true;
        }

        private void refreshUntilConnected() {
            connected = false;
            while (!connected) {
                try {
                    session.close();
                    connection.close();
                    load();
                } catch (JMSException e) {
                    pause();
                }
            }
        }

        private static void pause() {
            try {
                Thread.sleep(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
