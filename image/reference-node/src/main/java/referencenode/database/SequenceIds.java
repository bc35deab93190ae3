package referencenode.database;

import java.sql.SQLException;

/**
 * Ids from {@code sequence_value_item}, safe between nodes because the row is locked before it is
 * read (SequenceUtil.java:107-295). One bank a process: ids are unique, not without gaps.
 */
public final class SequenceIds {
    private static final long FIRST = 10_000;

    private final Database database;
    private final String sequence;
    private final int bankSize;
    private long next;
    private long end;

    public SequenceIds(Database database, String sequence, int bankSize) {
        this.database = database;
        this.sequence = sequence;
        this.bankSize = bankSize;
    }

    public synchronized String next() throws SQLException {
        if (next >= end) {
            next = database.inTransaction(this::takeBank);
            end = next + bankSize;
        }
        return Long.toString(next++);
    }

    private long takeBank(Transaction transaction) throws SQLException {
        // Inserts nothing when another node made the row meanwhile; the update then waits for its lock.
        transaction.update("INSERT INTO sequence_value_item (seq_name, seq_id) VALUES (?, ?)"
                + " ON CONFLICT (seq_name) DO NOTHING", sequence, FIRST);
        return transaction.query(
                row -> row.getLong(1),
                "UPDATE sequence_value_item SET seq_id = seq_id + ? WHERE seq_name = ? RETURNING seq_id - ?",
                bankSize, sequence, bankSize).get(0);
    }
}
