package clustercacheclear.erp;

import clustercacheclear.ClearLog;
import clustercacheclear.NotFollowedException;
import clustercacheclear.UnknownEntityException;
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
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * What {@code listener-class} of serviceengine.xml names, in place of the ERP's JmsTopicListener, which
 * only logs when its connection breaks. Runs messages as that one does; and clears the caches of its node
 * ({@link OwnCaches}) whenever the subscription had a gap, because what was published meanwhile never comes,
 * and for messages that cannot be followed.
 */
public final class WatchedTopicListener extends AbstractJmsListener {
    private static final ClearLog LOG = new ErpLog();
    /** ModelService.java:223-234. */
    private static final String RESPONSE = "responseMessage";
    private static final String ERROR = "error";
    private static final String ERROR_MESSAGE = "errorMessage";

    /** JmsListenerFactory.java can make two for one server: the loser of a race at the start is not stopped. */
    private static final Set<List<String>> LISTENED_TO = ConcurrentHashMap.newKeySet();

    /** Each clears rows of the one entity in its context, and nothing else. */
    private static final Set<String> LINE_SERVICES = Set.of("clearCacheLineByValue", "clearCacheLineByDummyPK",
            "clearCacheLineByPrimaryKey", "clearCacheLineByCondition");

    private final MessageXml xml = new MessageXml();
    private final KnownEntities entities;
    private final List<String> topic;
    private final TopicSubscription subscription;
    private boolean started;

    /** As JmsListenerFactory.java makes it. */
    public WatchedTopicListener(Delegator delegator, String jndiServer, String jndiName, String topicName,
            String userName, String password) {
        super(delegator);
        entities = new KnownEntities(delegator);
        topic = List.of(jndiServer, jndiName, topicName);
        subscription = new TopicSubscription(
                new ErpBroker(jndiServer, jndiName, topicName, userName, password),
                this::follow,
                new OwnCaches(delegator)::clear,
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
    private void follow(String service, String text) throws NotFollowedException, UnknownEntityException {
        try {
            if (!dispatcher.getDispatchContext().getModelService(service).export) {
                // It may not be run from outside; and what it would have cleared is old (clearLocalizedPropertyCaches
                // and clearMediaProfileCaches of the ERP itself).
                throw new NotFollowedException(service + " is not exported");
            }
            Document message = xml.document(text);
            if (LINE_SERVICES.contains(service)) {
                entities.check(message);
            }
            @SuppressWarnings("unchecked") // as JmsServiceEngine.java wrote it
            Map<String, Object> context = (Map<String, Object>) xml.object(message, dispatcher.getDelegator());
            Map<String, Object> answer = dispatcher.runSync(service, context);
            if (answer != null && ERROR.equals(answer.get(RESPONSE))) {
                throw new NotFollowedException(service + " failed: " + answer.get(ERROR_MESSAGE));
            }
        } catch (SAXException | IOException | SerializeException | GenericServiceException e) {
            throw new NotFollowedException(service + " was not run", e);
        }
    }
}
