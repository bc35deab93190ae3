package referencenode.config;

import java.util.Map;
import referencenode.StartupException;

/** One {@code connector} property of the catalina component, with Tomcat's property names. */
public final class Connector {
    private static final int HIGHEST_PORT = 65_535;

    public final String name;
    public final String address;
    public final int port;
    public final String scheme;
    public final boolean secure;
    /** What a visitor sees: {@code proxyPort} where it is set, else the connector's own port. */
    public final int serverPort;
    /** Empty: the host that the request names. */
    public final String proxyName;
    public final int maxThreads;
    /** How long an idle connection stays open. */
    public final int keepAliveMillis;

    Connector(String name, String defaultHost, Map<String, String> properties) throws StartupException {
        this.name = name;
        this.address = properties.getOrDefault("address", defaultHost);
        this.port = number(name, properties, "port", 8080);
        this.scheme = properties.getOrDefault("scheme", "http");
        this.secure = "true".equals(properties.get("secure"));
        this.serverPort = number(name, properties, "proxyPort", port);
        this.proxyName = properties.getOrDefault("proxyName", "");
        this.maxThreads = number(name, properties, "maxThreads", 200);
        this.keepAliveMillis = number(name, properties, "keepAliveTimeout", 60_000, Integer.MAX_VALUE);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new StartupException(CatalinaConfig.FILE + ", " + name + ", scheme: got " + scheme
                    + "; must be http or https");
        }
    }

    private static int number(String name, Map<String, String> properties, String key, int otherwise)
            throws StartupException {
        return number(name, properties, key, otherwise, HIGHEST_PORT);
    }

    private static int number(String name, Map<String, String> properties, String key, int otherwise, int most)
            throws StartupException {
        String value = properties.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.trim());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new StartupException(CatalinaConfig.FILE + ", " + name + ", " + key + ": got " + value
                    + "; must be a whole number", e);
        }
        throw new StartupException(CatalinaConfig.FILE + ", " + name + ", " + key + ": got " + value
                + "; must be 1 to " + most);
    }
}
