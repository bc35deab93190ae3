package org.ofbiz.service.config;

import org.ofbiz.base.config.GenericConfigException;
import org.ofbiz.service.config.model.ServiceEngine;

public final class ServiceConfigUtil {
    private ServiceConfigUtil() {
    }

    public static ServiceEngine getServiceEngine() throws GenericConfigException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
