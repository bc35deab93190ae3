package referencenode.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import referencenode.StartupException;

/** The file named by {@code -Dofbiz.system.props}: its keys beat {@code -D} (Start.java:206-211). */
public final class SystemPropertiesFile {
    public static final String NAMED_BY = "ofbiz.system.props";

    private SystemPropertiesFile() {
    }

    /** Afterwards {@code target} has the file's keys as well; nothing happens when none is named. */
    public static void mergeInto(Properties target) throws StartupException {
        String file = target.getProperty(NAMED_BY);
        if (file == null) {
            return;
        }
        try (InputStream stream = Files.newInputStream(Path.of(file))) {
            target.load(stream);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException("-D" + NAMED_BY + "=" + file
                    + ": cannot be read as a properties file; name one that exists", e);
        }
    }
}
