package referencenode.config;

import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import referencenode.StartupException;

/** {@code unique.instanceId} of general.properties, "20 char max" (general.properties:20-21). */
public final class InstanceId {
    private static final String KEY = "unique.instanceId";
    private static final String DEFAULT = "scipio0";
    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{sys:getenv\\('([^']+)'\\)}");

    private InstanceId() {
    }

    /** Expands {@code ${sys:getenv('NAME')}} as GeneralConfig.java:19-21 does. */
    public static String read(PropertiesFiles files, Map<String, String> environment) throws StartupException {
        Properties general = files.read("general");
        String configured = general.getProperty(KEY, DEFAULT).trim();
        Matcher expression = ENVIRONMENT.matcher(configured);
        String id = expression.replaceAll(
                found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), "")));
        if (id.isEmpty()) {
            throw new StartupException("general.properties, " + KEY + ": got " + configured
                    + ", which is empty; give every node an id of its own, at most 20 characters");
        }
        return id;
    }
}
