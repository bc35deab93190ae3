package org.ofbiz.entity.transaction;

import org.ofbiz.entity.GenericEntityException;

public class GenericTransactionException extends GenericEntityException {
    public GenericTransactionException(String message, Throwable nested) {
        super(message, nested);
    }
}
