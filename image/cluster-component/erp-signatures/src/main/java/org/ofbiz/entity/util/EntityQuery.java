package org.ofbiz.entity.util;

import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.GenericEntityException;
import org.ofbiz.entity.GenericValue;

public class EntityQuery {
    public static EntityQuery use(Delegator delegator) {
        throw new UnsupportedOperationException("a signature alone");
    }

    public EntityQuery from(String entityName) {
        throw new UnsupportedOperationException("a signature alone");
    }

    public EntityQuery where(Object... fields) {
        throw new UnsupportedOperationException("a signature alone");
    }

    public EntityQuery cache() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public GenericValue queryOne() throws GenericEntityException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
