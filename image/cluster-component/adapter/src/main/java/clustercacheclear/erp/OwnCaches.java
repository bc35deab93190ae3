package clustercacheclear.erp;

import java.util.List;
import java.util.regex.Pattern;
import org.ofbiz.base.util.cache.UtilCache;
import org.ofbiz.entity.Delegator;

/**
 * What a node clears when it may have missed anything: all that other nodes' writes can make old. Any message may
 * be among the missed ones, also of services that a tree adds, so all caches go but those that hold what was read
 * from the tree's own files: these are the same on every node, and hold the most work (docs/decisions/gap-clears.md).
 */
final class OwnCaches {
    /** As the ERP's clearAllUtilCaches leaves out (EntityCacheServices.java:50-55): it cannot do without. */
    private static final List<String> ESSENTIAL = List.of("entity.EcaReaders", "service.ModelServiceMapByModel",
            "service.ServiceConfig", "service.ServiceECAs", "service.ServiceGroups",
            "service.ModelServiceMapByDispatcher");
    /** Read, parsed or compiled from files of the tree, or from nothing but their own key. */
    private static final List<Pattern> FROM_FILES = List.of(
            Pattern.compile("(entity|service|resource|minilang|script|regularExpression|reflect)\\..*"),
            Pattern.compile("widget\\.(screen|form|grid|menu|tree|theme|renderer)\\..*"),
            Pattern.compile("(template|templatesource)\\.ftl\\..*"),
            Pattern.compile("webapp\\.(ControllerConfig|ControllerSearchResults|WebXml|FreeMarkerCache\\..*|BsfEvents)"),
            Pattern.compile("(flexibleMapAccessor|flexibleStringExpander|nodeElResolver)\\.ExpressionCache"),
            Pattern.compile("BSFScripts|XsltTemplates|ModelDataFile"));

    private final Delegator delegator;

    OwnCaches(Delegator delegator) {
        this.delegator = delegator;
    }

    void clear() {
        delegator.clearAllCaches(false);
        UtilCache.clearAllCaches(ESSENTIAL, FROM_FILES);
    }
}
