package referencenode.cacheclear;

import clustercacheclear.Subscription;
import clustercacheclear.activemq.TopicSubscription;
import referencenode.Log;
import referencenode.config.JmsServer;

/** Runs what arrives on the topic. */
public final class CacheClearListener implements AutoCloseable {
    private static final Log LOG = new Log(CacheClearListener.class);

    private final TopicSubscription subscription;

    /** {@code mayHaveMissed} is run after every gap of the subscription, and when a message cannot be followed. */
    public CacheClearListener(JmsServer server, CacheClearServices services, Runnable mayHaveMissed) {
        this.subscription = new TopicSubscription(new Topic(server), services::run, mayHaveMissed, LOG);
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
}
