package org.ofbiz.service.config.model;

public final class ServiceEngine {
    public JmsService getJmsServiceByName(String name) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
