package referencenode.cacheclear;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Session;
import javax.jms.TopicConnection;
import javax.jms.TopicPublisher;
import javax.jms.TopicSession;
import javax.naming.NamingException;
import referencenode.Log;
import referencenode.config.JmsServer;
import referencenode.database.EntityValue;
import referencenode.database.Transaction;

/**
 * The ERP's own way, with its price: a new connection for every row, on the writing thread, before
 * the commit; when it fails the write is rolled back (JmsServiceEngine.java:154-174,
 * ServiceDispatcher.java:820-840).
 */
public final class StockCacheClearSender implements CacheClearSender {
    private static final Log LOG = new Log(StockCacheClearSender.class);

    private final Optional<Topic> topic;
    private final String userLoginId;

    /** Without a server every write fails, as in an ERP whose serviceengine.xml has no jms-service. */
    public StockCacheClearSender(Optional<JmsServer> server, String userLoginId) {
        this.topic = server.map(Topic::new);
        this.userLoginId = userLoginId;
    }

    @Override
    public void clearLine(EntityValue value, Transaction transaction) throws CacheClearException, SQLException {
        Optional<EntityValue> userLogin = UserLogins.find(userLoginId, transaction);
        if (userLogin.isEmpty()) {
            LOG.warning("No UserLogin " + userLoginId + ": no cache clear is sent for a change of "
                    + value.entity.name);
            return;
        }
        String context = ServiceContext.write(Map.of("value", value, "userLogin", userLogin.get()));
        publish("clearCacheLineByValue", context);
    }

    private void publish(String service, String context) throws CacheClearException {
        Topic target = topic.orElseThrow(() -> new CacheClearException(
                "Could not get JMS service serviceMessenger; is JMS configured in serviceengine.xml?"));
        try {
            publish(target, target.connect(), service, context);
        } catch (NamingException e) {
            throw new CacheClearException("Problems with JNDI lookup", e);
        } catch (JMSException e) {
            throw new CacheClearException("JMS Internal Error", e);
        }
    }

    /** The connection is closed where all went well, and only there: with it a failure costs a thread. */
    private static void publish(Topic target, TopicConnection connection, String service, String context)
            throws NamingException, JMSException {
        connection.start();
        TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicPublisher publisher = session.createPublisher(target.topic());
        MapMessage message = session.createMapMessage();
        message.setString("serviceName", service);
        message.setString("serviceContext", context);
        publisher.publish(message);
        connection.close();
    }
}
