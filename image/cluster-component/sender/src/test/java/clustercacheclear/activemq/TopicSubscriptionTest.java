package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clustercacheclear.BrokerAccess;
import clustercacheclear.ClearReceiver;
import clustercacheclear.NotFollowedException;
import clustercacheclear.RecordedLog;
import java.util.ArrayList;
import java.util.List;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages that arrived. */
class TopicSubscriptionTest {
    private final RecordedLog log = new RecordedLog();
    private final List<String> done = new ArrayList<>();

    @Test
    void aMessageIsFollowed() throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> done.add(service + " " + context));
        subscription.receive(message("clearCacheLineByValue", "<a row/>"));
        assertEquals(List.of("clearCacheLineByValue <a row/>"), done);
        assertFigures(subscription, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unreadable", "a failure nobody thought of", "another ERP"})
    void oneThatCannotBeFollowedClearsAllOfThisNode(String reason) throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> fail(reason));
        subscription.receive(message("clearCacheLineByValue", "<a row/>"));
        assertEquals(List.of("cleared"), done);
        assertFigures(subscription, 1, 1);
        assertTrue(log.lines.get(0).contains(reason), log.lines.toString());
    }

    @Test
    void oneThatIsNoneOfTheErpIsIgnored() throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> done.add(service));
        subscription.receive(new ActiveMQTextMessage());
        subscription.receive(message(null, "<a row/>"));
        assertEquals(List.of(), done);
        assertFigures(subscription, 2, 0);
        assertEquals(2, log.lines.size(), log.lines.toString());
    }

    private static void fail(String reason) throws NotFollowedException {
        switch (reason) {
            case "unreadable":
                throw new NotFollowedException(reason);
            case "another ERP":
                throw new NoSuchMethodError(reason);
            default:
                throw new ClassCastException(reason);
        }
    }

    private TopicSubscription subscription(ClearReceiver receiver) {
        return new TopicSubscription(new NoBroker(), receiver, () -> done.add("cleared"), log);
    }

    private static void assertFigures(TopicSubscription subscription, long received, long notFollowed) {
        assertEquals(List.of(received, notFollowed), List.of(subscription.received(), subscription.notFollowed()));
    }

    private static Message message(String service, String context) throws JMSException {
        ActiveMQMapMessage message = new ActiveMQMapMessage();
        if (service != null) {
            message.setString("serviceName", service);
        }
        message.setString("serviceContext", context);
        return message;
    }

    /** Messages are handed over by hand. */
    private static final class NoBroker implements BrokerAccess {
        @Override
        public TopicConnection connect() throws JMSException {
            throw new JMSException("not asked for");
        }

        @Override
        public Topic topic() throws JMSException {
            throw new JMSException("not asked for");
        }
    }
}
