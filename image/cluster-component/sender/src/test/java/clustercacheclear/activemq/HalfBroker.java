package clustercacheclear.activemq;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.advisory.AdvisorySupport;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.Response;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportAcceptListener;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.transport.TransportServer;

/** Greets, answers whatever is asked, and falls silent or reads no more at the first command of one kind. */
final class HalfBroker implements AutoCloseable {
    private final TransportServer server;
    private final List<Transport> accepted = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger consumers = new AtomicInteger();
    private final String silentFrom;
    private final String deafAfter;

    HalfBroker(String silentFrom) throws Exception {
        this(silentFrom, "none");
    }

    /** Simple names of commands' classes; nothing that comes after {@code deafAfter} is read. */
    HalfBroker(String silentFrom, String deafAfter) throws Exception {
        this.silentFrom = silentFrom;
        this.deafAfter = deafAfter;
        server = TransportFactory.bind(URI.create("tcp://127.0.0.1:0"));
        server.setAcceptListener(new TransportAcceptListener() {
            @Override
            public void onAccept(Transport transport) {
                serve(transport);
            }

            @Override
            public void onAcceptError(Exception failure) {
                // Closed.
                closed.countDown();
            }
        });
        server.start();
    }

    int port() {
        return server.getSocketAddress().getPort();
    }

    /** Subscriptions so far, without those of the client's own. */
    int consumers() {
        return consumers.get();
    }

    private static boolean isConsumerOfTheTopic(Command command) {
        return command instanceof ConsumerInfo
                && !AdvisorySupport.isAdvisoryTopic(((ConsumerInfo) command).getDestination());
    }

    private void serve(Transport transport) {
        accepted.add(transport);
        transport.setTransportListener(new DefaultTransportListener() {
            private boolean silent;

            @Override
            public void onCommand(Object received) {
                Command command = (Command) received;
                if (isConsumerOfTheTopic(command)) {
                    consumers.incrementAndGet();
                }
                silent |= command.getClass().getSimpleName().equals(silentFrom);
                if (!silent && command.isResponseRequired()) {
                    answer(transport, command);
                }
                if (command.getClass().getSimpleName().equals(deafAfter)) {
                    hang();
                }
            }
        });
        try {
            transport.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** This thread is the one that reads. */
    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Transport transport, Command command) {
        Response response = new Response();
        response.setCorrelationId(command.getCommandId());
        try {
            transport.oneway(response);
        } catch (IOException e) {
            // The client is gone.
            return;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.stop();
            for (Transport each : accepted) {
                each.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
