package org.ofbiz.base.config;

import org.ofbiz.base.util.GeneralException;

public class GenericConfigException extends GeneralException {
    public GenericConfigException(String message, Throwable nested) {
        super(message, nested);
    }
}
