package referencenode.cacheclear;

import clustercacheclear.Subscription;
import clustercacheclear.activemq.TopicSubscription;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Message;
import referencenode.Log;
import referencenode.config.JmsServer;

/** Runs what arrives on the topic. */
public final class CacheClearListener implements AutoCloseable {
    private static final Log LOG = new Log(CacheClearListener.class);

    private final CacheClearServices services;
    private final TopicSubscription subscription;

    /** {@code mayHaveMissed} is run after every gap of the subscription. */
    public CacheClearListener(JmsServer server, CacheClearServices services, Runnable mayHaveMissed) {
        this.services = services;
        this.subscription = new TopicSubscription(new Topic(server), this::receive, mayHaveMissed, LOG);
    }

    public void start() {
        subscription.start();
    }

    public Subscription subscription() {
        return subscription;
    }

    /** Whether a message published now would arrive. */
    public boolean isSubscribed() {
        return subscription.isSubscribed();
    }

    /** URL of the broker behind the subscription, without options; null when there is none. */
    public String liveBroker() {
        return subscription.liveBroker();
    }

    @Override
    public void close() {
        subscription.close();
    }

    private void receive(Message message) {
        if (!(message instanceof MapMessage)) {
            LOG.error("Received message is not a MapMessage; ignored");
            return;
        }
        try {
            String service = ((MapMessage) message).getString("serviceName");
            String context = ((MapMessage) message).getString("serviceContext");
            if (service == null || context == null) {
                LOG.error("Message received has no serviceName or serviceContext; ignored");
                return;
            }
            services.run(service, context);
        } catch (JMSException e) {
            LOG.error("Problems reading message", e);
        }
    }
}
