package org.ofbiz.service;

import org.ofbiz.base.util.GeneralException;

public class GenericServiceException extends GeneralException {
    public GenericServiceException(String message, Throwable nested) {
        super(message, nested);
    }
}
