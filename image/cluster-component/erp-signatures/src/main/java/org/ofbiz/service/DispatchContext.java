package org.ofbiz.service;

public class DispatchContext {
    public ModelService getModelService(String serviceName) throws GenericServiceException {
        throw new UnsupportedOperationException("a signature alone");
    }
}
