package referencenode.config;

import java.util.List;
import java.util.Properties;
import org.w3c.dom.Element;
import referencenode.StartupException;

/** Reads the attributes of one {@code <datasource>} and says where a wrong one stands. */
final class DatasourceElement {
    private static final String OVERRIDE = "scipio.entity.datasource.";

    private final Element datasource;
    private final Element inlineJdbc;
    private final Properties system;

    DatasourceElement(Element datasource, Properties system) throws StartupException {
        this.datasource = datasource;
        this.system = system;
        List<Element> found = XmlFile.children(datasource, "inline-jdbc");
        if (found.size() != 1) {
            throw new StartupException(where() + ": got " + found.size()
                    + " <inline-jdbc> elements; exactly one is needed");
        }
        this.inlineJdbc = found.get(0);
    }

    String name() {
        return datasource.getAttribute("name");
    }

    String where() {
        return "entityengine.xml, datasource " + name();
    }

    /** An attribute of the datasource; a system property wins (Datasource.java:442-449). */
    String datasource(String attribute) {
        return system.getProperty(OVERRIDE + name() + "." + attribute, datasource.getAttribute(attribute));
    }

    /** An attribute of {@code <inline-jdbc>}; nothing overrides it. */
    String jdbc(String attribute) {
        return inlineJdbc.getAttribute(attribute);
    }

    String required(String attribute) throws StartupException {
        String value = jdbc(attribute);
        if (value.isEmpty()) {
            throw new StartupException(where() + ": <inline-jdbc> has no " + attribute);
        }
        return value;
    }

    int number(String attribute, int otherwise) throws StartupException {
        String value = jdbc(attribute);
        try {
            return value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new StartupException(where() + ", " + attribute + ": got " + value
                    + "; must be a whole number", e);
        }
    }
}
