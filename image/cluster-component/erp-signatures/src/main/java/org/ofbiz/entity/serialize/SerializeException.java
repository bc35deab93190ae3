package org.ofbiz.entity.serialize;

import org.ofbiz.base.util.GeneralException;

public class SerializeException extends GeneralException {
    public SerializeException(String message, Throwable nested) {
        super(message, nested);
    }
}
