package org.ofbiz.entity;

public abstract class DelegatorFactory {
    public static Delegator getDelegator(String delegatorName) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
