package clustercacheclear.activemq;

import java.net.URISyntaxException;
import java.util.Hashtable;
import java.util.Properties;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.jndi.ActiveMQInitialContextFactory;

/**
 * What {@code java.naming.factory.initial} of jndi.properties names: ActiveMQ's own, but for connection factories
 * whose every wait has an end. So the ERP's sender and listener of mode {@code stock} have it as well, unpatched.
 */
public final class BrokerContextFactory extends ActiveMQInitialContextFactory {
    /** {@code Hashtable}: the signature of ActiveMQ. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    protected ActiveMQConnectionFactory createConnectionFactory(Hashtable environment) throws URISyntaxException {
        if (needsXA(environment)) {
            // The ERP asks for none of these by its own; they stay as they are.
            environment.put("xa", "true");
            return super.createConnectionFactory(environment);
        }
        Properties properties = new Properties();
        properties.putAll(environment);
        BoundedConnectionFactory factory = new BoundedConnectionFactory();
        factory.setProperties(properties);
        return factory;
    }
}
