package referencenode.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.commons.dbcp2.BasicDataSource;
import referencenode.StartupException;
import referencenode.config.Datasource;

/** The pool of one datasource, made as DBCPConnectionFactory.java:90-170 of the ERP makes it. */
public final class Database implements AutoCloseable {
    private static final Map<String, Integer> ISOLATION = Map.of(
            "ReadUncommitted", Connection.TRANSACTION_READ_UNCOMMITTED,
            "ReadCommitted", Connection.TRANSACTION_READ_COMMITTED,
            "RepeatableRead", Connection.TRANSACTION_REPEATABLE_READ,
            "Serializable", Connection.TRANSACTION_SERIALIZABLE);

    public final String user;
    private final BasicDataSource pool = new BasicDataSource();

    /** Opens no connection yet: a node starts and answers its health path without a database. */
    public Database(Datasource datasource) throws StartupException {
        this.user = datasource.user;
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setUrl(datasource.uri);
        pool.setUsername(datasource.user);
        pool.setPassword(datasource.password);
        pool.setMaxTotal(datasource.poolMaxSize);
        pool.setMaxIdle(Math.max(datasource.idleMaxSize, datasource.poolMinSize));
        pool.setMinIdle(datasource.poolMinSize);
        pool.setMaxWaitMillis(datasource.poolWaitMillis);
        pool.setTestOnBorrow(datasource.testOnBorrow);
        pool.setValidationQuery(datasource.testStatement.isEmpty() ? null : datasource.testStatement);
        pool.setSoftMinEvictableIdleTimeMillis(Duration.ofMinutes(10).toMillis());
        pool.setDefaultAutoCommit(false);
        pool.setDefaultSchema(datasource.schema.isEmpty() ? null : datasource.schema);
        pool.setJmxName(null);
        if (!datasource.isolationLevel.isEmpty()) {
            Integer level = ISOLATION.get(datasource.isolationLevel);
            if (level == null) {
                throw new StartupException("entityengine.xml, datasource " + datasource.name
                        + ", isolation-level: got " + datasource.isolationLevel + "; must be one of "
                        + String.join(", ", ISOLATION.keySet().stream().sorted().toArray(String[]::new)));
            }
            pool.setDefaultTransactionIsolation(level);
        }
    }

    /** Commits what {@code work} did, or rolls all of it back and passes its exception on. */
    public <T, E extends Exception> T inTransaction(Work<T, E> work) throws SQLException, E {
        try (Transaction transaction = new Transaction(pool.getConnection())) {
            T result = work.run(transaction);
            transaction.commit();
            return result;
        }
    }

    @Override
    public void close() throws SQLException {
        pool.close();
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run(Transaction transaction) throws SQLException, E;
    }
}
