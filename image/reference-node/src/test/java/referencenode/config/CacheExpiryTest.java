package referencenode.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import referencenode.StartupException;

class CacheExpiryTest {
    private final Properties cache = new Properties();

    @Test
    void withoutAKeyRowsLiveForEver() throws Exception {
        assertEquals(0, CacheExpiry.millis(cache, "default", "ReferenceRow"));
    }

    @Test
    void theLiteralWildcardHoldsForEveryEntityAndTheExactKeyWins() throws Exception {
        cache.setProperty("entitycache.entity.${delegator-name}.${entity-name}.expireTime", "300000");
        assertEquals(300_000, CacheExpiry.millis(cache, "default", "ReferenceRow"));
        cache.setProperty("entitycache.entity.default.ReferenceRow.expireTime", "5");
        assertEquals(5, CacheExpiry.millis(cache, "default", "ReferenceRow"));
        assertEquals(300_000, CacheExpiry.millis(cache, "default", "Other"));
    }

    @Test
    void whatIsNoTimeIsRefused() {
        cache.setProperty("entitycache.entity.${delegator-name}.${entity-name}.expireTime", "5 min");
        assertThrows(StartupException.class, () -> CacheExpiry.millis(cache, "default", "ReferenceRow"));
    }
}
