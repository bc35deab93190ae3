package referencenode.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import referencenode.StartupException;

class CatalinaConfigTest {
    @TempDir
    Path home;

    @Test
    void ofTheStockConnectorsOnlyPlainHttpIsServed() throws Exception {
        CatalinaConfig stock = CatalinaConfig.read(ConfigFolder.STOCK);
        assertEquals(1, stock.connectors.size());
        Connector connector = stock.connectors.get(0);
        assertEquals("http-connector", connector.name);
        assertEquals("0.0.0.0", connector.address);
        assertEquals(8080, connector.port);
        assertEquals(8080, connector.serverPort);
        assertEquals("http", connector.scheme);
    }

    @Test
    void behindABalancerVisitorsSeeTheProxysPort() throws Exception {
        Connector connector = read("<property name='port' value='8081'/><property name='scheme' value='https'/>"
                + "<property name='secure' value='true'/><property name='proxyPort' value='443'/>").connectors.get(0);
        assertEquals(8081, connector.port);
        assertEquals(443, connector.serverPort);
        assertEquals("https", connector.scheme);
        assertTrue(connector.secure);
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        StartupException refused =
                assertThrows(StartupException.class, () -> read("<property name='port' value='70000'/>"));
        assertTrue(refused.getMessage().contains("http-connector, port: got 70000"), refused.getMessage());
    }

    @Test
    void withoutAnHttpConnectorThereIsNothingToServe() {
        assertThrows(StartupException.class, () -> read("<property name='protocol' value='AJP/1.3'/>"));
    }

    private CatalinaConfig read(String settings) throws Exception {
        Path file = home.resolve("framework/catalina/scipio-component.xml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<ofbiz-component><container name='catalina-container'>"
                + "<property name='http-connector' value='connector'>" + settings
                + "</property></container></ofbiz-component>");
        return CatalinaConfig.read(home);
    }
}
