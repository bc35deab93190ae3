package org.ofbiz.service.config.model;

import java.util.List;

public final class JmsService {
    public String getSendMode() {
        throw new UnsupportedOperationException("a signature alone");
    }

    public List<Server> getServers() {
        throw new UnsupportedOperationException("a signature alone");
    }
}
