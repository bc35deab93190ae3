package referencenode.cacheclear;

import clustercacheclear.BrokerAccess;
import javax.jms.JMSException;
import javax.jms.TopicConnection;
import javax.jms.TopicConnectionFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import referencenode.config.JmsServer;

/** The cluster's topic, found the ERP's way: {@code jndi.properties} and the names of serviceengine.xml. */
final class Topic implements BrokerAccess {
    private final JmsServer server;

    Topic(JmsServer server) {
        this.server = server;
    }

    /** A new connection, not started, with the credentials of serviceengine.xml (JmsServiceEngine.java:155). */
    @Override
    public TopicConnection connect() throws NamingException, JMSException {
        return lookUp(server.jndiName, TopicConnectionFactory.class)
                .createTopicConnection(server.user, server.password);
    }

    @Override
    public javax.jms.Topic topic() throws NamingException {
        return lookUp(server.topicName, javax.jms.Topic.class);
    }

    private static <T> T lookUp(String name, Class<T> type) throws NamingException {
        InitialContext context = new InitialContext();
        try {
            Object found = context.lookup(name);
            if (!type.isInstance(found)) {
                throw new NamingException(name + ": got " + found.getClass().getName() + "; must be a " + type.getName());
            }
            return type.cast(found);
        } finally {
            context.close();
        }
    }
}
