package referencenode.config;

import java.net.URL;
import referencenode.StartupException;

/**
 * Finds a configuration file by name on the class path, whose first element is the root of
 * {@code OFBIZ_HOME}: a file there wins over the component's own (Config.java:291-293 of the ERP).
 */
public final class Resources {
    private final ClassLoader loader;

    public Resources(ClassLoader loader) {
        this.loader = loader;
    }

    public URL find(String name) throws StartupException {
        URL found = loader.getResource(name);
        if (found == null) {
            throw new StartupException(name + ": not found, neither at the root of OFBIZ_HOME nor in"
                    + " a component's config folder; put it at the root");
        }
        return found;
    }
}
