package referencenode.cacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clustercacheclear.NotFollowedException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages as a stock node sends them; after each, which of the rows a, b are still cached. */
class CacheClearServicesTest {
    private final RowCache cache = new RowCache(0, () -> 0);
    private final CacheClearServices services = new CacheClearServices(cache);

    @BeforeEach
    void cacheTwoRows() {
        cache.put("a", Optional.of("1"), cache.generation());
        cache.put("b", Optional.of("2"), cache.generation());
    }

    @Test
    void byValue() throws NotFollowedException {
        services.run("clearCacheLineByValue", context("value",
                "<eeval-ReferenceRow rowKey=\"a\" rowValue=\"9\" lastUpdatedStamp=\"2026-01-01 00:00:00.0\"/>"));
        assertEquals("b", cached());
    }

    @Test
    void byPrimaryKey() throws NotFollowedException {
        services.run("clearCacheLineByPrimaryKey", context("primaryKey", "<eepk-ReferenceRow rowKey=\"b\"/>"));
        assertEquals("a", cached());
    }

    @Test
    void byDummyKeyOfTheWholeEntity() throws NotFollowedException {
        services.run("clearCacheLineByDummyPK", context("dummyPK", "<eeval-ReferenceRow/>"));
        assertEquals("", cached());
    }

    @Test
    void byDummyKeyThatIsAPlainMap() throws NotFollowedException {
        services.run("clearCacheLineByDummyPK", context("dummyPK", "<map-Map/>"));
        assertEquals("", cached());
    }

    @Test
    void byConditionClearsTheEntityAndNeverRevivesTheCondition() throws NotFollowedException {
        String condition = "<map-Entry><map-Key><std-String value=\"condition\"/></map-Key>"
                + "<map-Value><cus-obj>ACED0005</cus-obj></map-Value></map-Entry>";
        services.run("clearCacheLineByCondition",
                context("entityName", "<std-String value=\"ReferenceRow\"/>").replace("<map-HashMap>", "<map-HashMap>" + condition));
        assertEquals("", cached());
    }

    @Test
    void everything() throws NotFollowedException {
        services.run("clearAllEntityCaches", "<ofbiz-ser><map-HashMap/></ofbiz-ser>");
        assertEquals("", cached());
        cacheTwoRows();
        services.run("clearAllUtilCaches", "<ofbiz-ser><map-HashMap/></ofbiz-ser>");
        assertEquals("", cached());
    }

    @Test
    void otherEntitiesAndOtherServicesClearNothing() throws NotFollowedException {
        services.run("clearCacheLineByValue", context("value", "<eeval-Product productId=\"a\" rowKey=\"a\"/>"));
        services.run("clearCacheLineByCondition", context("entityName", "<std-String value=\"Product\"/>"));
        services.run("testScv", context("message", "<std-String value=\"hello\"/>"));
        assertEquals("a,b", cached());
    }

    @Test
    void aBrokenMessageIsNotFollowed() {
        assertThrows(NotFollowedException.class, () -> services.run("clearAllEntityCaches", "no xml"));
        assertEquals("a,b", cached());
    }

    private String cached() {
        return Stream.of("a", "b").filter(key -> cache.get(key) != null).collect(Collectors.joining(","));
    }

    private static String context(String key, String element) {
        return "<ofbiz-ser><map-HashMap><map-Entry><map-Key><std-String value=\"" + key + "\"/></map-Key>"
                + "<map-Value>" + element + "</map-Value></map-Entry></map-HashMap></ofbiz-ser>";
    }
}
