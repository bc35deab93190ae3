package clustercacheclear;

import javax.jms.JMSException;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;
import javax.naming.NamingException;

/** The cluster's topic, for one who sends to it. */
public interface SendingAccess extends BrokerAccess {
    /** {@code connection} came from {@link #connect}, and {@code session} from that connection. */
    ConfirmedPublisher publisher(TopicConnection connection, TopicSession session)
            throws NamingException, JMSException;
}
