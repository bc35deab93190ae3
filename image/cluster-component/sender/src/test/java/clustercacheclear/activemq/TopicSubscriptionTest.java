package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clustercacheclear.BrokerAccess;
import clustercacheclear.ClearReceiver;
import clustercacheclear.NotFollowedException;
import clustercacheclear.Origins;
import clustercacheclear.RecordedLog;
import clustercacheclear.UnknownEntityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void manyThatCannotBeFollowedClearOnceAndSayItOnce() throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> fail("unreadable"));
        for (int i = 0; i < 100; i++) {
            subscription.receive(message("clearCacheLineByValue", "<a row/>"));
        }
        assertEquals(List.of("cleared"), done);
        assertFigures(subscription, 100, 100);
        assertEquals(1, log.lines.size(), log.lines.toString());
    }

    @Test
    void oneAboutAnEntityThatIsNotHereClearsNothingAndIsNamedOnce() throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> {
            throw new UnknownEntityException("NewEntity");
        });
        for (int i = 0; i < 100; i++) {
            subscription.receive(message("clearCacheLineByValue", "<a row/>"));
        }
        assertEquals(List.of(), done);
        assertFigures(subscription, 100, 0);
        assertEquals(100, subscription.unknownEntities());
        assertEquals(1, log.lines.size(), log.lines.toString());
        assertTrue(log.lines.get(0).contains("NewEntity"), log.lines.toString());
    }

    @Test
    void messagesAreCountedByTheNodeThatSentThem() throws JMSException {
        TopicSubscription subscription = subscription((service, context) -> done.add(service));
        Message named = message("clearCacheLineByValue", "<a row/>");
        named.setStringProperty(Origins.PROPERTY, "node-a");
        subscription.receive(named);
        subscription.receive(named);
        subscription.receive(message("clearCacheLineByValue", "<a row/>"));
        assertEquals(Map.of("node-a", 2L, "?", 1L), subscription.receivedFrom());
    }

    /** A naming provider's own class casts, a tree of another make, no thread to be had. */
    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoSuchMethodError.class, OutOfMemoryError.class})
    void whateverGoesWrongWhileItSubscribesIsTriedAgain(Class<? extends Throwable> kind) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Throwable failure = kind.getConstructor(String.class).newInstance("not thought of");
        TopicSubscription subscription = new TopicSubscription(new NoBroker() {
            @Override
            public TopicConnection connect() {
                attempts.incrementAndGet();
                return TopicSubscriptionTest.<RuntimeException>thrown(failure);
            }
        }, (service, context) -> { }, () -> { }, log);
        subscription.start();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (attempts.get() < 4 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        subscription.close();
        assertTrue(attempts.get() >= 4, attempts + " attempts");
        assertTrue(log.lines.get(0).contains("not thought of"), log.lines.toString());
    }

    @SuppressWarnings("unchecked") // so that no signature stands in the way
    private static <T extends Throwable> TopicConnection thrown(Throwable failure) throws T {
        throw (T) failure;
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
    private static class NoBroker implements BrokerAccess {
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
