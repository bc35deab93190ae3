package org.ofbiz.base.container;

import org.ofbiz.base.util.GeneralException;

public class ContainerException extends GeneralException {
    public ContainerException(String message, Throwable nested) {
        super(message, nested);
    }
}
