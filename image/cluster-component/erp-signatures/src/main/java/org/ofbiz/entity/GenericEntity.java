package org.ofbiz.entity;

import java.util.Map;

public class GenericEntity {
    public String getEntityName() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public Map<String, Object> getAllFields() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public Object clone() {
        throw new UnsupportedOperationException("a signature alone");
    }
}
