package clustercacheclear;

import javax.jms.JMSException;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.naming.NamingException;

/** Where the cluster's topic is. Asked anew for every connection. */
public interface BrokerAccess {
    /** A new connection, not started; every wait on it must have an end. */
    TopicConnection connect() throws NamingException, JMSException;

    Topic topic() throws NamingException, JMSException;
}
