package org.ofbiz.entityext;

import org.ofbiz.entity.Delegator;
import org.ofbiz.service.LocalDispatcher;

public class EntityServiceFactory {
    public static LocalDispatcher getLocalDispatcher(Delegator delegator) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
