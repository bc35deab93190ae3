package referencenode.config;

import java.util.Properties;
import referencenode.StartupException;

/** How long a cached row of an entity may live, from cache.properties. */
public final class CacheExpiry {
    private CacheExpiry() {
    }

    /**
     * Milliseconds, 0 for ever. The most exact key wins: AbstractCache.java, getCacheNames, lists
     * them from the literal wildcards to the full name, and later names overwrite earlier ones.
     */
    public static long millis(Properties cache, String delegator, String entity) throws StartupException {
        String[] names = {
            "entitycache.entity.${delegator-name}.${entity-name}",
            "entitycache.entity." + delegator + ".${entity-name}",
            "entitycache.entity.${delegator-name}." + entity,
            "entitycache.entity." + delegator + "." + entity,
        };
        long millis = 0;
        for (String name : names) {
            String key = name + ".expireTime";
            String value = cache.getProperty(key, "").trim();
            if (!value.isEmpty()) {
                millis = number(key, value);
            }
        }
        return millis;
    }

    private static long number(String key, String value) throws StartupException {
        try {
            long millis = Long.parseLong(value);
            if (millis >= 0) {
                return millis;
            }
        } catch (NumberFormatException e) {
            throw new StartupException("cache.properties, " + key + ": got " + value
                    + "; must be milliseconds, e.g. 300000", e);
        }
        throw new StartupException("cache.properties, " + key + ": got " + value + "; must be 0 or more");
    }
}
