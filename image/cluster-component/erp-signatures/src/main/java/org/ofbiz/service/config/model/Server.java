package org.ofbiz.service.config.model;

public final class Server {
    public String getJndiName() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public String getJndiServerName() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public String getPassword() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public String getTopicQueue() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public String getType() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public String getUsername() {
        throw new UnsupportedOperationException("a signature alone");
    }
}
