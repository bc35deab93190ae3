package org.ofbiz.entity.model;

public class ModelReader {
    public ModelEntity getModelEntityNoCheck(String entityName) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
