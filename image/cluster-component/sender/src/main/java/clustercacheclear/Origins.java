package clustercacheclear;

import java.util.Map;
import java.util.TreeMap;

/** How many messages of each node arrived here. Stock nodes do not say who they are: they are "?". */
public final class Origins {
    /** A message's property; the ERP reads none. */
    public static final String PROPERTY = "scipioClusterOrigin";
    /** A system property: this node's id. */
    public static final String ID_PROPERTY = "scipio.cluster.instanceId";
    static final String UNKNOWN = "?";
    /** Nodes come and go; those beyond are counted as unknown. */
    static final int MOST = 200;

    private final Map<String, Long> received = new TreeMap<>();

    /** This JVM's own. */
    public static String own() {
        return System.getProperty(ID_PROPERTY, UNKNOWN);
    }

    /** {@code origin}: null where the message names none. */
    public synchronized void add(String origin) {
        String name = origin == null || received.size() >= MOST && !received.containsKey(origin) ? UNKNOWN : origin;
        received.merge(name, 1L, Long::sum);
    }

    public synchronized Map<String, Long> received() {
        return new TreeMap<>(received);
    }
}
