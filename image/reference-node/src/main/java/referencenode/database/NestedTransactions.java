package referencenode.database;

import java.sql.SQLException;

/**
 * Transactions inside each other, each with a connection of its own while the outer ones keep theirs:
 * a log-in of the ERP (LoginServices.java:309), or a service with {@code require-new-transaction}, and
 * in the innermost one the bank of a sequence (SequenceUtil.java:194-197).
 */
public final class NestedTransactions {
    private static final String SEQUENCE = "ReferenceNested";

    private final Database database;
    private final SequenceIds ids;

    public NestedTransactions(Database database) {
        this.database = database;
        // A bank of one: every run takes its last connection.
        this.ids = new SequenceIds(database, SEQUENCE, 1);
    }

    /**
     * Holds {@code connections} at once, the last one for the sequence. The first one is held for
     * {@code workMillis} before the second is taken, all but the last for {@code holdMillis} at the end.
     */
    public String run(int connections, int workMillis, int holdMillis) throws SQLException {
        return database.inTransaction(transaction -> {
            transaction.query(row -> row.getInt(1), "SELECT 1");
            pause(workMillis);
            if (connections > 2) {
                return run(connections - 1, 0, holdMillis);
            }
            String id = ids.next();
            pause(holdMillis);
            return id;
        });
    }

    /** One statement that the server works on for so long. */
    public void work(int millis) throws SQLException {
        database.inTransaction(transaction ->
                transaction.query(row -> true, "SELECT pg_sleep(?)", millis / 1000.0));
    }

    private static void pause(int millis) throws SQLException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while it held a connection", e);
        }
    }
}
