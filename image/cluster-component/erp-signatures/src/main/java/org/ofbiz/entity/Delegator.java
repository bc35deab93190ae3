package org.ofbiz.entity;

import org.ofbiz.entity.model.ModelReader;

public interface Delegator {
    void clearAllCaches(boolean distribute);

    ModelReader getModelReader();
}
