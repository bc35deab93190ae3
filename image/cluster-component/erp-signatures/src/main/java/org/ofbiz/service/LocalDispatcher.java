package org.ofbiz.service;

import java.util.Map;
import org.ofbiz.entity.Delegator;

public interface LocalDispatcher {
    JobInfo runAsync(String serviceName, Map<String, ? extends Object> context, boolean persist)
            throws GenericServiceException;

    ServiceResult runSync(String serviceName, Map<String, ? extends Object> context)
            throws GenericServiceException;

    DispatchContext getDispatchContext();

    Delegator getDelegator();
}
