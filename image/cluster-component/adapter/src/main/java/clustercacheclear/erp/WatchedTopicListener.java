package clustercacheclear.erp;

import clustercacheclear.ClearLog;
import clustercacheclear.activemq.TopicSubscription;
import java.io.IOException;
import java.util.Map;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.serialize.SerializeException;
import org.ofbiz.service.GenericServiceException;
import org.ofbiz.service.jms.AbstractJmsListener;
import org.xml.sax.SAXException;

/**
 * What {@code listener-class} of serviceengine.xml names, in place of the ERP's JmsTopicListener, which
 * only logs when its connection breaks. Runs messages as that one does; and clears the entity caches of
 * its node whenever the subscription had a gap, because what was published meanwhile never comes, and
 * whenever a message cannot be followed.
 */
public final class WatchedTopicListener extends AbstractJmsListener {
    private static final ClearLog LOG = new ErpLog();

    private final MessageXml xml = new MessageXml();
    private final TopicSubscription subscription;
    private boolean started;

    /** As JmsListenerFactory.java makes it. */
    public WatchedTopicListener(Delegator delegator, String jndiServer, String jndiName, String topicName,
            String userName, String password) {
        super(delegator);
        subscription = new TopicSubscription(
                new ErpBroker(jndiServer, jndiName, topicName, userName, password),
                this,
                this::clearEntityCaches,
                LOG);
    }

    /** Returns at once: a broker that is absent is tried again until it is there. */
    @Override
    public synchronized void load() {
        if (!started) {
            started = true;
            ErpFigures.shared().watch(subscription);
            subscription.start();
        }
        // Otherwise JmsListenerFactory.java would load it again every 20 s.
        setConnected(true);
    }

    /** The subscription looks after itself. */
    @Override
    public void refresh() {
        load();
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** As AbstractJmsListener.java runs it, which makes a parser for every message and only logs a failure. */
    @Override
    protected Map<String, Object> runService(MapMessage message) {
        // LinkageError: a tree that is not the one it was compiled against; nobody else would say so.
        try {
            return run(message.getString("serviceName"), message.getString("serviceContext"));
        } catch (JMSException | SAXException | IOException | SerializeException | GenericServiceException
                | RuntimeException | LinkageError e) {
            LOG.warning("Cache clear: a message cannot be followed, so this node clears its entity caches: "
                    + ClearLog.chain(e));
            clearEntityCaches();
            return null;
        }
    }

    private Map<String, Object> run(String service, String text)
            throws SAXException, IOException, SerializeException, GenericServiceException {
        if (service == null || text == null) {
            LOG.warning("Cache clear: a message of the topic names no service of the ERP; it is ignored");
            return null;
        }
        if (!dispatcher.getDispatchContext().getModelService(service).export) {
            LOG.warning("Cache clear: a message names " + service + ", which is not exported; it is ignored");
            return null;
        }
        @SuppressWarnings("unchecked") // as JmsServiceEngine.java wrote it
        Map<String, Object> context = (Map<String, Object>) xml.object(text, dispatcher.getDelegator());
        return dispatcher.runSync(service, context);
    }

    private void clearEntityCaches() {
        dispatcher.getDelegator().clearAllCaches(false);
    }
}
