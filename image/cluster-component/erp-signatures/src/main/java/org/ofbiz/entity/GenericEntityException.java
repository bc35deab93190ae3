package org.ofbiz.entity;

import org.ofbiz.base.util.GeneralException;

public class GenericEntityException extends GeneralException {
    public GenericEntityException(String message, Throwable nested) {
        super(message, nested);
    }
}
