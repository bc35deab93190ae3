package org.ofbiz.entity.transaction;

public class TransactionFactoryLoader {
    public static TransactionFactory getInstance() {
        throw new UnsupportedOperationException("a signature alone");
    }
}
