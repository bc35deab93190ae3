package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clustercacheclear.BrokerAccess;
import clustercacheclear.ClearLog;
import clustercacheclear.ClosingThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.jms.JMSException;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.command.ActiveMQTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real client, and a port where nobody listens. */
class DeadBrokerTest {
    private static final int FAILURES = 1_000;
    private static final int ENDED_WITHIN_SECONDS = 60;
    /** One of each for a whole JVM, however many connections it has or had (AbstractInactivityMonitor). */
    private static final List<String> TIMERS_OF_THE_CLIENT =
            List.of("ActiveMQ InactivityMonitor ReadCheckTimer", "ActiveMQ InactivityMonitor WriteCheckTimer");
    private static final ClearLog SILENT = new ClearLog() {
        @Override
        public void info(String message) {
        }

        @Override
        public void warning(String message) {
        }
    };

    /** As the sender gives a connection up: closed beside its thread, whether it came to be or not. */
    @Test
    @Timeout(300)
    void aThousandFailuresLeaveNoThread() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        fail(new ConfirmedSending(nobody()), FAILURES);
        assertEquals(List.of(), thatStay(before));
    }

    @Test
    void aFactoryOfAnotherMakeIsRefusedByName() {
        ConfirmedSending sending = new ConfirmedSending(new BrokerAccess() {
            @Override
            public TopicConnection connect() {
                return (TopicConnection) java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {TopicConnection.class},
                        (proxy, method, arguments) -> null);
            }

            @Override
            public Topic topic() {
                return new ActiveMQTopic("ScipioTopic");
            }
        });
        JMSException failure = assertThrows(JMSException.class, sending::connect);
        assertTrue(failure.getMessage().contains("must be ActiveMQ's"), failure.getMessage());
    }

    private static void fail(ConfirmedSending sending, int times) throws Exception {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            TopicConnection connection = sending.connect();
            try {
                connection.start();
            } catch (JMSException e) {
                failed++;
            } finally {
                ClosingThread.close(connection, SILENT);
            }
        }
        assertEquals(times, failed);
    }

    /** Names of the threads that are new and do not end: one that closes a connection has a moment. */
    private static List<String> thatStay(Set<Thread> before) throws InterruptedException {
        List<String> ofTheClient = new ArrayList<>(TIMERS_OF_THE_CLIENT);
        Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
        more.removeAll(before);
        // Each name stands for one thread: a second timer would be a leak.
        more.removeIf(thread -> ofTheClient.remove(thread.getName()));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDED_WITHIN_SECONDS);
        for (Thread thread : more) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            thread.join(Math.max(1, left));
        }
        return more.stream().filter(Thread::isAlive).map(Thread::getName).sorted().collect(Collectors.toList());
    }

    private static BrokerAccess nobody() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("failover:(tcp://127.0.0.1:" + port
                + ")?startupMaxReconnectAttempts=1&initialReconnectDelay=1&timeout=3000");
        return new BrokerAccess() {
            @Override
            public TopicConnection connect() throws JMSException {
                return factory.createTopicConnection("user", "password");
            }

            @Override
            public Topic topic() {
                return new ActiveMQTopic("ScipioTopic");
            }
        };
    }
}
