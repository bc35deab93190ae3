package referencenode.config;

import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;
import referencenode.Log;
import referencenode.StartupException;

/**
 * The connectors, from the component's own file: unlike other files, one at the root of
 * {@code OFBIZ_HOME} is not looked at, as in the ERP.
 */
public final class CatalinaConfig {
    static final String FILE = "framework/catalina/scipio-component.xml";
    private static final Log LOG = new Log(CatalinaConfig.class);

    public final List<Connector> connectors;

    private CatalinaConfig(List<Connector> connectors) {
        this.connectors = List.copyOf(connectors);
    }

    /** Plain HTTP connectors; others are named in the log, and none at all is an error. */
    public static CatalinaConfig read(Path ofbizHome) throws StartupException {
        Element container = container(ofbizHome.resolve(FILE));
        List<Connector> connectors = new ArrayList<>();
        for (Element property : XmlFile.children(container, "property")) {
            String name = property.getAttribute("name");
            Map<String, String> settings = settings(property);
            if (!"connector".equals(property.getAttribute("value"))) {
                continue;
            }
            if (isPlainHttp(settings)) {
                connectors.add(new Connector(name, defaultHost(container), settings));
            } else {
                LOG.warning(FILE + ", " + name + ": not served, only plain HTTP/1.1 connectors are");
            }
        }
        if (connectors.isEmpty()) {
            throw new StartupException(FILE + ": no connector with protocol HTTP/1.1 and without"
                    + " SSLEnabled; the reference node needs one");
        }
        return new CatalinaConfig(connectors);
    }

    private static Element container(Path file) throws StartupException {
        if (!Files.isReadable(file)) {
            throw new StartupException(file + ": cannot be read; start in OFBIZ_HOME");
        }
        try {
            for (Element container : XmlFile.children(XmlFile.read(file.toUri().toURL()), "container")) {
                if ("catalina-container".equals(container.getAttribute("name"))) {
                    return container;
                }
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
        throw new StartupException(file + ": no <container name=\"catalina-container\">");
    }

    private static boolean isPlainHttp(Map<String, String> settings) {
        return "HTTP/1.1".equals(settings.getOrDefault("protocol", "HTTP/1.1"))
                && !"true".equals(settings.get("SSLEnabled"));
    }

    private static String defaultHost(Element container) {
        for (Element property : XmlFile.children(container, "property")) {
            if ("engine".equals(property.getAttribute("value"))) {
                return settings(property).getOrDefault("default-host", "0.0.0.0");
            }
        }
        return "0.0.0.0";
    }

    private static Map<String, String> settings(Element property) {
        Map<String, String> settings = new HashMap<>();
        for (Element setting : XmlFile.children(property, "property")) {
            settings.put(setting.getAttribute("name"), setting.getAttribute("value"));
        }
        return settings;
    }
}
