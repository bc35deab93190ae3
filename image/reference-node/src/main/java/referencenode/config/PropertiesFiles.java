package referencenode.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Properties;
import referencenode.StartupException;

/**
 * Reads {@code <name>.properties}; system properties {@code scipio.property.<name>.<key>} or
 * {@code scipio.property.<name>#<key>} win over the file (UtilProperties.java:3239-3245).
 */
public final class PropertiesFiles {
    private static final String OVERRIDE = "scipio.property.";

    private final Resources resources;
    private final Properties system;

    public PropertiesFiles(Resources resources, Properties system) {
        this.resources = resources;
        this.system = system;
    }

    public Properties read(String name) throws StartupException {
        Properties properties = readWithoutOverrides(name);
        for (String override : system.stringPropertyNames()) {
            if (override.startsWith(OVERRIDE)) {
                apply(override, name, properties);
            }
        }
        return properties;
    }

    /** For {@code cache.properties}, which the ERP reads as a resource bundle (UtilCache.java:493). */
    public Properties readWithoutOverrides(String name) throws StartupException {
        URL url = resources.find(name + ".properties");
        Properties properties = new Properties();
        try (InputStream stream = url.openStream()) {
            properties.load(stream);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException(url + ": cannot be read as a properties file", e);
        }
        return properties;
    }

    private void apply(String override, String name, Properties properties) {
        String target = override.substring(OVERRIDE.length());
        int separator = target.indexOf('#') >= 0 ? target.indexOf('#') : target.indexOf('.');
        if (separator < 0) {
            return;
        }
        String resource = target.substring(0, separator);
        if (resource.equals(name) || resource.equals(name + ".properties")) {
            properties.setProperty(target.substring(separator + 1), system.getProperty(override));
        }
    }
}
