package clustercacheclear.activemq;

import clustercacheclear.BrokerAccess;
import clustercacheclear.Confirmation;
import clustercacheclear.ConfirmedPublisher;
import clustercacheclear.SendingAccess;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import javax.naming.NamingException;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.AsyncCallback;

/**
 * Sends through ActiveMQ's client so that the broker confirms every message, and none is waited for.
 *
 * <p>Left to itself the client sends non-persistent messages without any answer, and a connection that
 * breaks swallows them unnoticed; or, with a send timeout, waits for the answer to each.
 */
public final class ConfirmedSending implements SendingAccess {
    private final BrokerAccess broker;

    public ConfirmedSending(BrokerAccess broker) {
        this.broker = broker;
    }

    @Override
    public TopicConnection connect() throws NamingException, JMSException {
        return BoundedConnection.of(broker.connect());
    }

    @Override
    public Topic topic() throws NamingException, JMSException {
        return broker.topic();
    }

    @Override
    public ConfirmedPublisher publisher(TopicConnection connection, TopicSession session)
            throws NamingException, JMSException {
        return new Publisher(BoundedConnection.of(connection),
                (ActiveMQMessageProducer) session.createPublisher(topic()));
    }

    private static final class Publisher implements ConfirmedPublisher {
        private final BoundedConnection connection;
        private final ActiveMQMessageProducer producer;

        Publisher(BoundedConnection connection, ActiveMQMessageProducer producer) {
            this.connection = connection;
            this.producer = producer;
        }

        @Override
        public void publish(Message message, int deliveryMode, int priority, long timeToLiveMillis,
                Confirmation answer) throws JMSException {
            producer.send(message, deliveryMode, priority, timeToLiveMillis, new AsyncCallback() {
                @Override
                public void onSuccess() {
                    answer.confirmed();
                }

                @Override
                public void onException(JMSException failure) {
                    answer.refused(failure);
                }
            });
        }

        @Override
        public boolean isConnected() {
            return connection.isUsable();
        }
    }
}
