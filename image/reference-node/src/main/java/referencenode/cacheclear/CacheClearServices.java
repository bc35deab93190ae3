package referencenode.cacheclear;

import clustercacheclear.NotFollowedException;
import java.util.Map;
import org.w3c.dom.Element;
import referencenode.Log;
import referencenode.database.EntityModel;

/**
 * What a node does when another one tells it to clear: the services that the ERP's distributed ones
 * invoke (framework/entityext/servicedef/services.xml:22-110). Only ReferenceRow is cached here.
 */
public final class CacheClearServices {
    private static final Log LOG = new Log(CacheClearServices.class);
    private static final String CACHED = EntityModel.REFERENCE_ROW.name;
    private static final String KEY = EntityModel.REFERENCE_ROW.keyFields().get(0);

    private final RowCache cache;

    public CacheClearServices(RowCache cache) {
        this.cache = cache;
    }

    /** Runs one service; what the ERP would not understand either is not followed. */
    public void run(String service, String contextText) throws NotFollowedException {
        try {
            Map<String, Element> context = ServiceContext.read(contextText);
            switch (service) {
                case "clearCacheLineByValue":
                    clearRow(context.get("value"));
                    break;
                case "clearCacheLineByDummyPK":
                    clearRow(context.get("dummyPK"));
                    break;
                case "clearCacheLineByPrimaryKey":
                    clearRow(context.get("primaryKey"));
                    break;
                case "clearCacheLineByCondition":
                    clearEntity(context.get("entityName"));
                    break;
                case "clearAllEntityCaches":
                case "clearAllUtilCaches":
                    cache.clearAll();
                    break;
                default:
                    LOG.info("Message for service " + service + ", which the reference node does not have");
            }
        } catch (ServiceContext.MalformedContextException e) {
            throw new NotFollowedException(service + " was not run", e);
        }
    }

    /** An element {@code eeval-<Entity>} or {@code eepk-<Entity>}; without the key, all of the entity. */
    private void clearRow(Element row) {
        String entity = row == null ? "" : row.getNodeName().replaceFirst("^(eeval|eepk)-", "");
        if (row != null && entity.equals(row.getNodeName())) {
            // A plain map does not say whose it is: clearing all is the one answer that is never wrong.
            cache.clearAll();
        } else if (entity.equals(CACHED)) {
            if (row.hasAttribute(KEY)) {
                cache.clearByMessage(row.getAttribute(KEY));
            } else {
                cache.clearAll();
            }
        }
    }

    private void clearEntity(Element name) {
        if (name == null || name.getAttribute("value").equals(CACHED)) {
            cache.clearAll();
        }
    }
}
