package referencenode.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One open transaction; closing it without {@link #commit} rolls it back. */
public final class Transaction implements AutoCloseable {
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Runnable> afterRollback = new ArrayList<>();
    private boolean commitBegan;
    private boolean committed;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Rows that the statement changed. */
    public int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** Every row of the answer, through {@code reader}. */
    public <T> List<T> query(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    /**
     * Runs after the commit, in the order of registration; never after a roll-back. Also where the
     * database did not answer the commit: it may have happened.
     */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /** Runs when the transaction ended and no commit was tried. */
    public void afterRollback(Runnable action) {
        afterRollback.add(action);
    }

    void commit() throws SQLException {
        commitBegan = true;
        try {
            connection.commit();
            committed = true;
        } finally {
            afterCommit.forEach(Runnable::run);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!committed) {
                try {
                    connection.rollback();
                } finally {
                    if (!commitBegan) {
                        afterRollback.forEach(Runnable::run);
                    }
                }
            }
        }
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Makes one object of the row the result set stands on. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }
}
