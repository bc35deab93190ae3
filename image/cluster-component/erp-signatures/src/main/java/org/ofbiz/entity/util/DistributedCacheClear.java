package org.ofbiz.entity.util;

import java.util.Map;
import org.ofbiz.entity.GenericEntity;
import org.ofbiz.entity.GenericPK;
import org.ofbiz.entity.GenericValue;
import org.ofbiz.entity.condition.EntityCondition;

public interface DistributedCacheClear {
    void distributedClearCacheLine(GenericValue value);

    void distributedClearCacheLineFlexible(GenericEntity dummyPK);

    void distributedClearCacheLineByCondition(String entityName, EntityCondition condition);

    void distributedClearCacheLine(GenericPK primaryKey);

    void clearAllCaches();

    void clearAllUtilCaches(Map<String, Object> context);

    void runDistributedService(String serviceName, Map<String, Object> context);
}
