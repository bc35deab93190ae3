package clustercacheclear.erp;

import clustercacheclear.BrokerAccess;
import javax.jms.JMSException;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.jms.TopicConnectionFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.ofbiz.base.config.GenericConfigException;
import org.ofbiz.base.util.JNDIContextFactory;

/** The topic of one {@code <server>} of serviceengine.xml, looked up as the ERP does (JmsServiceEngine.java). */
final class ErpBroker implements BrokerAccess {
    private final String jndiServerName;
    private final String jndiName;
    private final String topicName;
    private final String user;
    private final String password;

    ErpBroker(String jndiServerName, String jndiName, String topicName, String user, String password) {
        this.jndiServerName = jndiServerName;
        this.jndiName = jndiName;
        this.topicName = topicName;
        this.user = user;
        this.password = password;
    }

    @Override
    public TopicConnection connect() throws NamingException, JMSException {
        TopicConnectionFactory factory = (TopicConnectionFactory) lookUp(jndiName);
        return factory.createTopicConnection(user, password);
    }

    @Override
    public Topic topic() throws NamingException {
        return (Topic) lookUp(topicName);
    }

    private Object lookUp(String name) throws NamingException {
        try {
            InitialContext context = JNDIContextFactory.getInitialContext(jndiServerName);
            return context.lookup(name);
        } catch (GenericConfigException e) {
            throw named("jndi-server-name " + jndiServerName, e);
        } catch (NamingException e) {
            // The factory keeps contexts; the next attempt shall have a new one.
            JNDIContextFactory.clearInitialContext(jndiServerName);
            throw e;
        }
    }

    private static NamingException named(String what, Exception cause) {
        NamingException failure = new NamingException(what);
        failure.initCause(cause);
        return failure;
    }
}
