package referencenode.cacheclear;

import java.sql.SQLException;
import referencenode.database.EntityValue;
import referencenode.database.Transaction;

/** Tells the other nodes that a row changed. */
@FunctionalInterface
public interface CacheClearSender {
    /**
     * Called on the writing thread inside the open transaction, after the row was written. A sender
     * may act at once, or register what it does with {@link Transaction#afterCommit}. An exception
     * rolls the write back.
     */
    void clearLine(EntityValue value, Transaction transaction) throws CacheClearException, SQLException;
}
