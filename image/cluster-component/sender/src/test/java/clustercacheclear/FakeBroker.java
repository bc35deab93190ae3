package clustercacheclear;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.jms.ExceptionListener;
import javax.jms.JMSException;
import javax.jms.MapMessage;
import javax.jms.Message;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import javax.jms.TopicSession;

/** A broker in memory that answers, refuses, swallows or stays silent. */
final class FakeBroker implements SendingAccess {
    private final List<String> published = new ArrayList<>();
    private final List<List<Object>> options = new ArrayList<>();
    private final List<Confirmation> unanswered = new ArrayList<>();
    private boolean refusing;
    private int failingPublishes;
    private int refusals;
    private Error error;
    private boolean frozen;
    private int opened;
    private int closed;
    private ExceptionListener latestListener;

    @Override
    public synchronized TopicConnection connect() throws JMSException {
        throwError();
        if (refusing) {
            throw new JMSException("refused");
        }
        opened++;
        return fake(TopicConnection.class, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "createTopicSession":
                    return session();
                case "close":
                    noteClosed();
                    return null;
                case "setExceptionListener":
                    latestListener = (ExceptionListener) arguments[0];
                    return null;
                default:
                    return null;
            }
        });
    }

    @Override
    public Topic topic() {
        return fake(Topic.class, (proxy, method, arguments) -> null);
    }

    synchronized void refuse(boolean now) {
        refusing = now;
    }

    synchronized void failNextPublishes(int number) {
        failingPublishes = number;
    }

    /** The next connection, and the next message, fail with what no client throws. */
    synchronized void failNextWith(Error next) {
        error = next;
    }

    private void throwError() {
        if (error != null) {
            Error now = error;
            error = null;
            throw now;
        }
    }

    /** The broker's own answer is that it does not take them. */
    synchronized void refuseNextMessages(int number) {
        refusals = number;
    }

    /** It takes messages and answers none. */
    synchronized void freeze() {
        frozen = true;
    }

    /** Late answers come as well. */
    void thaw() {
        List<Confirmation> late;
        synchronized (this) {
            frozen = false;
            late = List.copyOf(unanswered);
            unanswered.clear();
        }
        late.forEach(Confirmation::confirmed);
    }

    synchronized void breakConnection() {
        latestListener.onException(new JMSException("broken while idle"));
    }

    /** Service and context of each message, as "service:context". */
    synchronized List<String> published() {
        return List.copyOf(published);
    }

    synchronized List<List<Object>> options() {
        return List.copyOf(options);
    }

    synchronized int opened() {
        return opened;
    }

    synchronized int unclosed() {
        return opened - closed;
    }

    private synchronized void noteClosed() {
        closed++;
    }

    @Override
    public ConfirmedPublisher publisher(TopicConnection connection, TopicSession session) {
        return new ConfirmedPublisher() {
            @Override
            public void publish(Message message, int deliveryMode, int priority, long timeToLiveMillis,
                    Confirmation answer) throws JMSException {
                FakeBroker.this.publish((MapMessage) message, List.of(deliveryMode, priority, timeToLiveMillis), answer);
            }

            @Override
            public boolean isConnected() {
                return true;
            }
        };
    }

    private TopicSession session() {
        return fake(TopicSession.class,
                (proxy, method, arguments) -> method.getName().equals("createMapMessage") ? message() : null);
    }

    private synchronized void publish(MapMessage message, List<Object> given, Confirmation answer)
            throws JMSException {
        throwError();
        if (refusing || failingPublishes > 0) {
            failingPublishes--;
            throw new JMSException("broken");
        }
        published.add(message.getString("serviceName") + ":" + message.getString("serviceContext"));
        options.add(given);
        if (frozen) {
            unanswered.add(answer);
        } else if (refusals > 0) {
            refusals--;
            answer.refused(new JMSException("no"));
        } else {
            answer.confirmed();
        }
    }

    private static MapMessage message() {
        Map<Object, Object> content = new HashMap<>();
        return fake(MapMessage.class, (proxy, method, arguments) -> method.getName().equals("setString")
                ? content.put(arguments[0], arguments[1])
                : content.get(arguments[0]));
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeBroker.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
