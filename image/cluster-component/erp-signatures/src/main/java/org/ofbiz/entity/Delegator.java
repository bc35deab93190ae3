package org.ofbiz.entity;

public interface Delegator {
    void clearAllCaches(boolean distribute);
}
