package org.ofbiz.base.util;

public class GeneralException extends Exception {
    public GeneralException(String message, Throwable nested) {
        super(message, nested);
    }
}
