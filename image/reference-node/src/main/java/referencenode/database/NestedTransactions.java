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
     * {@code workMillis} before the second is taken. With {@code holdMillis} there is no sequence, and
     * all of them are held for so long at the end.
     */
    public String run(int connections, int workMillis, int holdMillis) throws SQLException {
        return database.inTransaction(transaction -> {
            transaction.query(row -> row.getInt(1), "SELECT 1");
            pause(workMillis);
            if (connections > 2) {
                return run(connections - 1, 0, holdMillis);
            }
            return holdMillis > 0 ? hold(holdMillis) : ids.next();
        });
    }

    private String hold(int millis) throws SQLException {
        return database.inTransaction(transaction -> {
            transaction.query(row -> row.getInt(1), "SELECT 1");
            pause(millis);
            return "held";
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
