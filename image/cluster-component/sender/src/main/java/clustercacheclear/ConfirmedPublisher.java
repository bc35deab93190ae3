package clustercacheclear;

import javax.jms.JMSException;
import javax.jms.Message;

/** Hands messages over without waiting, and passes on the broker's answer to each. */
public interface ConfirmedPublisher {
    /** After an exception the broker may have the message or not, and no answer may come. */
    void publish(Message message, int deliveryMode, int priority, long timeToLiveMillis, Confirmation answer)
            throws JMSException;

    /** Whether there is a broker behind it now. */
    boolean isConnected();
}
