package referencenode;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import referencenode.cacheclear.CacheClearException;
import referencenode.cacheclear.CacheClearSender;
import referencenode.cacheclear.RowCache;
import referencenode.database.Database;
import referencenode.database.EntityModel;
import referencenode.database.EntityStore;
import referencenode.database.EntityValue;
import referencenode.database.Transaction;

/** The business table: written through to the database, read through the cache. */
public final class ReferenceRows {
    private static final CacheClearSender NO_CLEAR = (value, transaction) -> { };

    private final Database database;
    private final RowCache cache;
    private final CacheClearSender sender;

    public ReferenceRows(Database database, RowCache cache, CacheClearSender sender) {
        this.database = database;
        this.cache = cache;
        this.sender = sender;
    }

    /**
     * All rows are committed in one transaction and the sender was asked to tell the others, or nothing
     * was changed. The own cache is cleared inside the transaction, as GenericDelegator.java:1259-1270
     * does it, and once more after it, because a reader in between would bring the old value back.
     */
    public void write(List<String> keys, String value) throws SQLException, CacheClearException {
        database.inTransaction(transaction -> {
            write(keys, value, transaction, sender);
            return null;
        });
    }

    /** As {@link #write}, without a cache clear: what a write costs without the cache clear. */
    public void writeUntold(List<String> keys, String value) throws SQLException, CacheClearException {
        database.inTransaction(transaction -> {
            write(keys, value, transaction, NO_CLEAR);
            return null;
        });
    }

    /** Up to the commit: everything is rolled back. */
    public void writeAndRollBack(List<String> keys, String value) throws SQLException, CacheClearException {
        try {
            database.inTransaction(transaction -> {
                write(keys, value, transaction, sender);
                throw new RolledBackOnPurpose();
            });
        } catch (RolledBackOnPurpose e) {
            // As asked for.
        }
    }

    private void write(List<String> keys, String value, Transaction transaction, CacheClearSender sender)
            throws SQLException, CacheClearException {
        // First of all: what the sender does after the commit wakes others, who want the processor too.
        transaction.afterCommit(() -> keys.forEach(cache::clear));
        for (String key : keys) {
            EntityValue row = new EntityValue(EntityModel.REFERENCE_ROW).put("rowKey", key).put("rowValue", value);
            EntityStore.store(row, transaction);
            cache.clear(key);
            sender.clearLine(row, transaction);
        }
    }

    public Reading read(String key) throws SQLException {
        RowCache.Entry entry = cache.get(key);
        if (entry != null) {
            return new Reading(entry.value, true);
        }
        long generation = cache.generation();
        Reading reading = readFromDatabase(key);
        cache.put(key, reading.value, generation);
        return reading;
    }

    /** How many messages of the topic cleared the row here, the node's own among them. */
    public long clearsHeard(String key) {
        return cache.clearsHeard(key);
    }

    public Reading readFromDatabase(String key) throws SQLException {
        List<Optional<String>> found = database.inTransaction(transaction -> transaction.query(
                row -> Optional.ofNullable(row.getString(1)),
                "SELECT row_value FROM reference_row WHERE row_key = ?", key));
        return new Reading(found.stream().findFirst().flatMap(value -> value), false);
    }

    /** A value, or its absence, and whether the cache knew it. */
    public static final class Reading {
        public final Optional<String> value;
        public final boolean cached;

        Reading(Optional<String> value, boolean cached) {
            this.value = value;
            this.cached = cached;
        }
    }

    /** Ends a transaction that a visitor wants to be rolled back. */
    private static final class RolledBackOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
