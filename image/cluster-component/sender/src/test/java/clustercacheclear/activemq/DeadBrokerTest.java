package clustercacheclear.activemq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clustercacheclear.BrokerAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.jms.JMSException;
import javax.jms.Topic;
import javax.jms.TopicConnection;
import org.apache.activemq.command.ActiveMQTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real client, and brokers that are not there or say nothing. */
@Timeout(300)
class DeadBrokerTest {
    private static final int FAILURES = 1_000;
    private static final int ENDED_WITHIN_SECONDS = 60;
    /** One of each for a whole JVM, however many connections it has or had (AbstractInactivityMonitor; Clock). */
    private static final List<String> OF_THE_JVM = List.of("ActiveMQ InactivityMonitor ReadCheckTimer",
            "ActiveMQ InactivityMonitor WriteCheckTimer", "broker-deadlines");

    @ParameterizedTest
    @CsvSource({"tcp,true", "tcp,false", "ssl,true", "ssl,false"})
    void aThousandFailedAttemptsLeaveNoThreadAndNoSocket(String scheme, boolean accepts) throws Exception {
        try (SilentServer silent = new SilentServer()) {
            int port = accepts ? silent.port() : freePort();
            BoundedConnectionFactory factory = factory(scheme + "://127.0.0.1:" + port);
            factory.setAttemptMillis(20);
            factory.setConnectMillis(20);
            assertThrows(JMSException.class, factory::createTopicConnection);
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            for (int i = 0; i < FAILURES; i++) {
                assertThrows(JMSException.class, factory::createTopicConnection);
            }
            assertEquals(List.of(), thatStay(before));
            assertEquals(0, GuardedSocket.open());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ssl"})
    void eachOfTwoSilentBrokersHasItsTimeAndNoMore(String scheme) throws Exception {
        try (SilentServer first = new SilentServer(); SilentServer second = new SilentServer()) {
            BoundedConnectionFactory factory = factory("failover:(" + scheme + "://127.0.0.1:" + first.port() + ","
                    + scheme + "://127.0.0.1:" + second.port() + ")");
            long began = System.nanoTime();
            JMSException failure = assertThrows(JMSException.class, factory::createTopicConnection);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertTrue(millis < 4_000, millis + " ms");
            assertEquals(List.of(1, 1), List.of(first.accepted(), second.accepted()));
            String phase = scheme.equals("ssl") ? "TLS handshake" : "greeting";
            assertTrue(failure.getMessage().contains(":" + second.port() + ": " + phase), failure.getMessage());
        }
    }

    @Test
    void theOneThatFailedIsTriedLast() {
        URI first = URI.create("ssl://a:1");
        URI second = URI.create("ssl://b:1");
        BrokerOrder order = BrokerOrder.of(List.of(first, second));
        order.failed(first);
        assertEquals(List.of(second, first), BrokerOrder.of(List.of(first, second)).now());
        order.failed(second);
        assertEquals(List.of(first, second), order.now());
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
        assertTrue(failure.getMessage().contains("java.naming.factory.initial must be"), failure.getMessage());
    }

    private static BoundedConnectionFactory factory(String url) {
        return new BoundedConnectionFactory(url + (url.contains("?") ? "&" : "?") + "jms.closeTimeout=400");
    }

    /** Names of the threads that are new and do not end: one that closes a connection has a moment. */
    private static List<String> thatStay(Set<Thread> before) throws InterruptedException {
        List<String> ofTheJvm = new ArrayList<>(OF_THE_JVM);
        Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
        more.removeAll(before);
        // Each name stands for one thread: a second timer would be a leak.
        more.removeIf(thread -> ofTheJvm.remove(thread.getName()));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDED_WITHIN_SECONDS);
        for (Thread thread : more) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            thread.join(Math.max(1, left));
        }
        return more.stream().filter(Thread::isAlive).map(Thread::getName).sorted().collect(Collectors.toList());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
