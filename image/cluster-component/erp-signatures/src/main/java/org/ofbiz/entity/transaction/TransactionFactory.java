package org.ofbiz.entity.transaction;

import javax.transaction.TransactionManager;

public interface TransactionFactory {
    TransactionManager getTransactionManager();
}
