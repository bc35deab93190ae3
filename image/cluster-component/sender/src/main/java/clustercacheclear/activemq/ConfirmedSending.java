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
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.transport.DefaultTransportListener;

/**
 * Sends through ActiveMQ's client so that the broker confirms every message, and none is waited for.
 *
 * <p>Left to itself the client sends non-persistent messages without any answer, and a connection that
 * breaks swallows them unnoticed; or, with a send timeout, waits for the answer to each.
 */
public final class ConfirmedSending implements SendingAccess {
    private static final int CLOSE_MILLIS = 2_000;

    private final BrokerAccess broker;

    public ConfirmedSending(BrokerAccess broker) {
        this.broker = broker;
    }

    @Override
    public TopicConnection connect() throws NamingException, JMSException {
        TopicConnection connection = broker.connect();
        own(connection).setCloseTimeout(CLOSE_MILLIS);
        return connection;
    }

    @Override
    public Topic topic() throws NamingException, JMSException {
        return broker.topic();
    }

    @Override
    public ConfirmedPublisher publisher(TopicConnection connection, TopicSession session)
            throws NamingException, JMSException {
        return new Publisher(own(connection), (ActiveMQMessageProducer) session.createPublisher(topic()));
    }

    private static ActiveMQConnection own(TopicConnection connection) throws JMSException {
        if (connection instanceof ActiveMQConnection) {
            return (ActiveMQConnection) connection;
        }
        throw new JMSException("jndi.properties: the connection factory made a " + connection.getClass().getName()
                + "; must be ActiveMQ's, whose client tells of every message whether the broker has it");
    }

    private static final class Publisher extends DefaultTransportListener implements ConfirmedPublisher {
        private final ActiveMQConnection connection;
        private final ActiveMQMessageProducer producer;
        private boolean interrupted;
        private long resumptions;

        Publisher(ActiveMQConnection connection, ActiveMQMessageProducer producer) {
            this.connection = connection;
            this.producer = producer;
            connection.addTransportListener(this);
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
            return connection.getTransport().isConnected();
        }

        @Override
        public synchronized long resumptions() {
            return resumptions;
        }

        @Override
        public synchronized void transportInterupted() {
            interrupted = true;
        }

        @Override
        public synchronized void transportResumed() {
            if (interrupted) {
                interrupted = false;
                resumptions++;
            }
        }
    }
}
