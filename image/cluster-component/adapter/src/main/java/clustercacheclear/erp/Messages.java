package clustercacheclear.erp;

import clustercacheclear.CacheClear;
import clustercacheclear.MessageTextException;
import clustercacheclear.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.transform.TransformerException;
import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.GenericEntity;
import org.ofbiz.entity.GenericEntityException;
import org.ofbiz.entity.GenericValue;
import org.ofbiz.entity.condition.EntityCondition;
import org.ofbiz.entity.serialize.SerializeException;
import org.ofbiz.entity.util.EntityQuery;

/**
 * Clears in the ERP's own words: the services that the stock messages name
 * (framework/entityext/servicedef/services.xml:22-110), with a user whom their {@code auth="true"} lets in.
 */
final class Messages {
    private static final String USER_LOGIN = "userLogin";
    private static final List<String> STAMPS =
            List.of("lastUpdatedStamp", "lastUpdatedTxStamp", "createdStamp", "createdTxStamp");

    private static final long SMALL_BYTES = 400;
    private static final long FIELD_BYTES = 50;

    private final MessageXml xml = new MessageXml();
    private final Delegator delegator;
    private final String userLoginId;

    Messages(Delegator delegator, String userLoginId) {
        this.delegator = delegator;
        this.userLoginId = userLoginId;
    }

    /** {@code parameter} is the service's name for the row or the key. */
    CacheClear line(String service, String parameter, GenericEntity row) {
        // The caller may change the row before it is sent.
        GenericEntity copy = (GenericEntity) row.clone();
        // Two states of one row are two clears: lists are cached by conditions on any field. Stamps
        // differ at every write and would make every clear one of its own.
        Map<String, Object> fields = copy.getAllFields();
        STAMPS.forEach(fields::remove);
        return new CacheClear(service, List.of(service, copy.getEntityName(), fields), Scope.ENTITY_CACHES,
                bytes(fields), () -> text(Map.of(parameter, copy)));
    }

    /** {@code condition}: null stands for all rows, and the ERP's service wants one: then all is cleared. */
    CacheClear condition(String entityName, EntityCondition condition) {
        if (condition == null) {
            return everything(Scope.ENTITY_CACHES);
        }
        return new CacheClear("clearCacheLineByCondition", List.of(entityName, condition), Scope.ENTITY_CACHES,
                SMALL_BYTES, () -> text(Map.of("entityName", entityName, "condition", condition)));
    }

    CacheClear everything(Scope scope) {
        String service = scope == Scope.ENTITY_CACHES ? "clearAllEntityCaches" : "clearAllUtilCaches";
        return new CacheClear(service, service, scope, SMALL_BYTES, () -> text(Map.of()));
    }

    /** Any service that other nodes shall run; it may concern any cache. */
    CacheClear service(String service, Map<String, Object> context) {
        Map<String, Object> copy = new HashMap<>(context);
        return new CacheClear(service, List.of(service, copy), Scope.ALL_CACHES, bytes(copy), () -> text(copy));
    }

    /** About what texts and files take; all else is small. */
    private static long bytes(Map<String, Object> fields) {
        long sum = SMALL_BYTES;
        for (Object value : fields.values()) {
            if (value instanceof CharSequence) {
                sum += 2L * ((CharSequence) value).length();
            } else if (value instanceof byte[]) {
                sum += ((byte[]) value).length;
            }
            sum += FIELD_BYTES;
        }
        return sum;
    }

    private String text(Map<String, ?> parameters) throws MessageTextException {
        Map<String, Object> context = new HashMap<>(parameters);
        if (context.get(USER_LOGIN) == null) {
            context.put(USER_LOGIN, userLogin());
        }
        try {
            return xml.text(context);
        } catch (SerializeException | TransformerException e) {
            throw new MessageTextException("A cache clear cannot be written as XML", e);
        }
    }

    private GenericValue userLogin() throws MessageTextException {
        GenericValue found;
        try {
            found = EntityQuery.use(delegator).from("UserLogin").where("userLoginId", userLoginId).cache().queryOne();
        } catch (GenericEntityException e) {
            throw new MessageTextException("UserLogin " + userLoginId + " cannot be read", e);
        }
        if (found == null) {
            throw new MessageTextException("There is no UserLogin " + userLoginId
                    + ", in whose name caches are cleared (distributed-cache-clear-user-login-id)");
        }
        return found;
    }
}
