package referencenode.config;

import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.w3c.dom.Element;
import referencenode.StartupException;

/** serviceengine.xml: the topic of the cluster and the job poller's threads. */
public final class ServiceEngineConfig {
    private static final String MESSENGER = "serviceMessenger";

    /** Empty when no jms-service of that name is configured, as in stock. */
    public final Optional<JmsServer> messenger;
    public final ThreadPool threadPool;

    private ServiceEngineConfig(Optional<JmsServer> messenger, ThreadPool threadPool) {
        this.messenger = messenger;
        this.threadPool = threadPool;
    }

    public static ServiceEngineConfig read(Resources resources) throws StartupException {
        URL url = resources.find("serviceengine.xml");
        Element engine = only(XmlFile.children(XmlFile.read(url), "service-engine").stream()
                .filter(candidate -> "default".equals(candidate.getAttribute("name")))
                .collect(Collectors.toList()), url + ": <service-engine name=\"default\">");
        List<Element> messengers = XmlFile.children(engine, "jms-service").stream()
                .filter(candidate -> MESSENGER.equals(candidate.getAttribute("name")))
                .collect(Collectors.toList());
        Optional<JmsServer> messenger = messengers.isEmpty()
                ? Optional.empty()
                : Optional.of(server(only(XmlFile.children(messengers.get(0), "server"),
                        url + ", jms-service " + MESSENGER + ": <server>"), url));
        Element pool = only(XmlFile.children(engine, "thread-pool"), url + ": <thread-pool>");
        return new ServiceEngineConfig(messenger, threadPool(pool, url));
    }

    private static JmsServer server(Element server, URL url) throws StartupException {
        String where = url + ", jms-service " + MESSENGER + ", ";
        expect(where, server, "type", "topic");
        expect(where, server, "jndi-server-name", "default");
        return new JmsServer(
                required(where, server, "jndi-name"),
                required(where, server, "topic-queue"),
                server.getAttribute("username"),
                server.getAttribute("password"),
                "true".equals(server.getAttribute("listen")),
                server.getAttribute("listener-class"));
    }

    private static ThreadPool threadPool(Element pool, URL url) throws StartupException {
        return new ThreadPool(
                !"false".equals(pool.getAttribute("poll-enabled")),
                number(pool, "poll-db-millis", 30_000, url),
                number(pool, "min-threads", 2, url),
                number(pool, "jobs", 100, url),
                XmlFile.children(pool, "run-from-pool").stream()
                        .map(name -> name.getAttribute("name"))
                        .collect(Collectors.toList()));
    }

    private static Element only(List<Element> found, String what) throws StartupException {
        if (found.size() != 1) {
            throw new StartupException(what + ": got " + found.size() + "; exactly one is needed");
        }
        return found.get(0);
    }

    private static void expect(String where, Element element, String attribute, String only)
            throws StartupException {
        String value = element.getAttribute(attribute);
        if (!value.equals(only)) {
            throw new StartupException(where + attribute + ": got \"" + value
                    + "\"; the reference node supports \"" + only + "\" alone");
        }
    }

    private static String required(String where, Element element, String attribute) throws StartupException {
        String value = element.getAttribute(attribute);
        if (value.isEmpty()) {
            throw new StartupException(where + attribute + ": must not be empty");
        }
        return value;
    }

    private static int number(Element pool, String attribute, int otherwise, URL url) throws StartupException {
        String value = pool.getAttribute(attribute);
        try {
            int number = value.isEmpty() ? otherwise : Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new StartupException(url + ", thread-pool, " + attribute + ": got " + value
                    + "; must be a whole number", e);
        }
        throw new StartupException(url + ", thread-pool, " + attribute + ": got " + value
                + "; must be 1 or more");
    }
}
