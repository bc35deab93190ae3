package referencenode.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import referencenode.StartupException;

class ServiceEngineConfigTest {
    private static final String OVERLAY = "<service-config><service-engine name='default'>"
            + "<thread-pool min-threads='7' poll-db-millis='500'><run-from-pool name='pool'/></thread-pool>"
            + "<jms-service name='serviceMessenger' send-mode='all'><server jndi-server-name='%s'"
            + " jndi-name='topicConnectionFactory' topic-queue='ScipioTopic' type='topic'"
            + " username='u' password='p' listen='true'/></jms-service></service-engine></service-config>";

    @TempDir
    Path root;

    @Test
    void aStockTreeHasNoMessenger() throws Exception {
        ServiceEngineConfig stock = ServiceEngineConfig.read(new ConfigFolder(root).resources());
        assertTrue(stock.messenger.isEmpty());
        assertEquals(2, stock.threadPool.minThreads);
        assertEquals(30_000, stock.threadPool.pollMillis);
        assertEquals(List.of("pool"), stock.threadPool.runFromPools);
    }

    @Test
    void theMessengerOfAnOverlayIsRead() throws Exception {
        ConfigFolder folder = new ConfigFolder(root).with("serviceengine.xml", String.format(OVERLAY, "default"));
        ServiceEngineConfig read = ServiceEngineConfig.read(folder.resources());
        JmsServer server = read.messenger.orElseThrow();
        assertEquals("topicConnectionFactory", server.jndiName);
        assertEquals("ScipioTopic", server.topicName);
        assertEquals("u", server.user);
        assertTrue(server.listen);
        assertEquals(7, read.threadPool.minThreads);
    }

    @Test
    void anotherJndiServerThanTheDefaultIsRefused() throws Exception {
        ConfigFolder folder = new ConfigFolder(root).with("serviceengine.xml", String.format(OVERLAY, "activemq"));
        StartupException refused =
                assertThrows(StartupException.class, () -> ServiceEngineConfig.read(folder.resources()));
        assertTrue(refused.getMessage().contains("jndi-server-name: got \"activemq\""), refused.getMessage());
    }
}
