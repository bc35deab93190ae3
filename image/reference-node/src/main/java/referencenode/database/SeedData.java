package referencenode.database;

import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.List;
import org.w3c.dom.Element;
import referencenode.StartupException;
import referencenode.config.XmlFile;

/** The data files that the component "reference" gives to each reader, as a component of the ERP does. */
public final class SeedData {
    private static final String COMPONENT = "framework/reference";

    private final Path component;

    public SeedData(Path ofbizHome) {
        this.component = ofbizHome.resolve(COMPONENT);
    }

    /** Loads every file of these readers, in the order of the component's list; a reader without files is no error. */
    public void load(List<String> readers, Database database) throws StartupException {
        for (Element resource : XmlFile.children(root(), "entity-resource")) {
            if ("data".equals(resource.getAttribute("type")) && readers.contains(resource.getAttribute("reader-name"))) {
                new DataFile(component.resolve(resource.getAttribute("location"))).loadInto(database);
            }
        }
    }

    private Element root() throws StartupException {
        try {
            return XmlFile.read(component.resolve("scipio-component.xml").toUri().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
