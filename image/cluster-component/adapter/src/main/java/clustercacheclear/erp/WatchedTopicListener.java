package clustercacheclear.erp;

import clustercacheclear.ClearLog;
import clustercacheclear.NotFollowedException;
import clustercacheclear.activemq.TopicSubscription;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    /** ModelService.java:223-234. */
    private static final String RESPONSE = "responseMessage";
    private static final String ERROR = "error";
    private static final String ERROR_MESSAGE = "errorMessage";

    /** JmsListenerFactory.java can make two for one server: the loser of a race at the start is not stopped. */
    private static final Set<List<String>> LISTENED_TO = ConcurrentHashMap.newKeySet();

    private final MessageXml xml = new MessageXml();
    private final List<String> topic;
    private final TopicSubscription subscription;
    private boolean started;

    /** As JmsListenerFactory.java makes it. */
    public WatchedTopicListener(Delegator delegator, String jndiServer, String jndiName, String topicName,
            String userName, String password) {
        super(delegator);
        topic = List.of(jndiServer, jndiName, topicName);
        subscription = new TopicSubscription(
                new ErpBroker(jndiServer, jndiName, topicName, userName, password),
                this::follow,
                this::clearEntityCaches,
                LOG);
    }

    /**
     * Returns at once: a broker that is absent is tried again until it is there. Where another listener of
     * this JVM has the topic already, this one stays silent, or every message would be followed twice.
     */
    @Override
    public synchronized void load() {
        if (!started && LISTENED_TO.add(topic)) {
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
    public synchronized void close() {
        subscription.close();
        if (started) {
            LISTENED_TO.remove(topic);
        }
    }

    /** As AbstractJmsListener.java runs a message, which makes a parser for each and only logs a failure. */
    private void follow(String service, String text) throws NotFollowedException {
        try {
            if (!dispatcher.getDispatchContext().getModelService(service).export) {
                LOG.warning("Cache clear: a message names " + service + ", which is not exported; it is ignored");
                return;
            }
            @SuppressWarnings("unchecked") // as JmsServiceEngine.java wrote it
            Map<String, Object> context = (Map<String, Object>) xml.object(text, dispatcher.getDelegator());
            Map<String, Object> answer = dispatcher.runSync(service, context);
            if (answer != null && ERROR.equals(answer.get(RESPONSE))) {
                throw new NotFollowedException(service + " failed: " + answer.get(ERROR_MESSAGE));
            }
        } catch (SAXException | IOException | SerializeException | GenericServiceException e) {
            throw new NotFollowedException(service + " was not run", e);
        }
    }

    private void clearEntityCaches() {
        dispatcher.getDelegator().clearAllCaches(false);
    }
}
