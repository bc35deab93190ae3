package referencenode.config;

import java.net.URL;
import java.util.Properties;
import java.util.stream.Collectors;
import org.w3c.dom.Element;
import referencenode.StartupException;

/** entityengine.xml: delegators and the datasources of their group maps. */
public final class EntityEngineConfig {
    private static final String GROUP = "org.ofbiz";
    private static final String POSTGRES = "jdbc:postgresql:";

    private final URL url;
    private final Element root;
    private final PropertiesFiles files;
    private final Properties system;

    private EntityEngineConfig(URL url, Element root, PropertiesFiles files, Properties system) {
        this.url = url;
        this.root = root;
        this.files = files;
        this.system = system;
    }

    public static EntityEngineConfig read(Resources resources, PropertiesFiles files, Properties system)
            throws StartupException {
        URL url = resources.find("entityengine.xml");
        return new EntityEngineConfig(url, XmlFile.read(url), files, system);
    }

    public Delegator delegator(String name) throws StartupException {
        Element delegator = named("delegator", name);
        Element map = XmlFile.children(delegator, "group-map").stream()
                .filter(candidate -> GROUP.equals(candidate.getAttribute("group-name")))
                .findFirst()
                .orElseThrow(() -> new StartupException(url + ", delegator " + name
                        + ": no <group-map> for the group " + GROUP));
        String user = delegator.getAttribute("distributed-cache-clear-user-login-id");
        return new Delegator(
                name,
                "true".equals(delegator.getAttribute("distributed-cache-clear-enabled")),
                delegator.getAttribute("distributed-cache-clear-class-name"),
                user.isEmpty() ? "system" : user,
                datasource(name, map.getAttribute("datasource-name")));
    }

    private Datasource datasource(String delegator, String name) throws StartupException {
        DatasourceElement element = new DatasourceElement(named("datasource", name), system);
        String uri = element.required("jdbc-uri");
        if (!uri.startsWith(POSTGRES)) {
            throw new StartupException(element.where() + ", jdbc-uri: got " + withoutParameters(uri)
                    + "; the reference node speaks PostgreSQL alone (" + POSTGRES + "//host/name)."
                    + " Map the group " + GROUP + " of delegator " + delegator + " to such a datasource");
        }
        return new Datasource(element, password(element));
    }

    private String password(DatasourceElement element) throws StartupException {
        String password = element.jdbc("jdbc-password");
        if (!password.isEmpty()) {
            return password;
        }
        String lookup = element.jdbc("jdbc-password-lookup");
        if (lookup.isEmpty()) {
            throw new StartupException(element.where()
                    + ": <inline-jdbc> has neither jdbc-password nor jdbc-password-lookup");
        }
        String key = "jdbc-password." + lookup;
        password = files.read("passwords").getProperty(key, "");
        if (password.isEmpty()) {
            throw new StartupException("passwords.properties: no value for " + key + ", which "
                    + element.where() + " looks up");
        }
        return password;
    }

    private Element named(String tag, String name) throws StartupException {
        return XmlFile.children(root, tag).stream()
                .filter(candidate -> name.equals(candidate.getAttribute("name")))
                .findFirst()
                .orElseThrow(() -> new StartupException(url + ": no <" + tag + " name=\"" + name
                        + "\">; there is " + XmlFile.children(root, tag).stream()
                        .map(candidate -> candidate.getAttribute("name"))
                        .collect(Collectors.joining(", "))));
    }

    /** A JDBC URI may carry a password in its parameters. */
    private static String withoutParameters(String uri) {
        return uri.replaceFirst("[?;].*", "");
    }
}
