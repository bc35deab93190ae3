package clustercacheclear.erp;

import clustercacheclear.activemq.TopicSubscription;
import org.ofbiz.entity.Delegator;
import org.ofbiz.service.jms.AbstractJmsListener;

/**
 * What {@code listener-class} of serviceengine.xml names, in place of the ERP's JmsTopicListener, which
 * only logs when its connection breaks. Runs messages as that one does; and clears the entity caches of
 * its node whenever the subscription had a gap, because what was published meanwhile never comes.
 */
public final class WatchedTopicListener extends AbstractJmsListener {
    private final TopicSubscription subscription;
    private boolean started;

    /** As JmsListenerFactory.java makes it. */
    public WatchedTopicListener(Delegator delegator, String jndiServer, String jndiName, String topicName,
            String userName, String password) {
        super(delegator);
        subscription = new TopicSubscription(
                new ErpBroker(jndiServer, jndiName, topicName, userName, password),
                this,
                () -> dispatcher.getDelegator().clearAllCaches(false),
                new ErpLog());
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
}
