package referencenode.database;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import referencenode.Log;

/** Creates tables that are missing, as DatabaseUtil.java:417-468 of the ERP does at start. */
public final class Schema {
    private static final Log LOG = new Log(Schema.class);

    private final Database database;

    public Schema(Database database) {
        this.database = database;
    }

    /**
     * Every table of the model exists, or an ERROR line says which does not. No lock is taken: two
     * nodes that do this at once race, in the ERP too, so its caller holds one.
     */
    public void createMissingTables() {
        try {
            List<String> existing = existingTables();
            for (Entity entity : EntityModel.ALL) {
                if (!existing.contains(entity.table())) {
                    create(entity);
                }
            }
        } catch (SQLException e) {
            LOG.error("Could not check the tables of the database", e);
        }
    }

    private List<String> existingTables() throws SQLException {
        return database.inTransaction(transaction -> transaction.query(
                row -> row.getString(1),
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"));
    }

    private void create(Entity entity) {
        try {
            database.inTransaction(transaction -> {
                transaction.update(createTable(entity));
                for (var index : entity.indexes().entrySet()) {
                    transaction.update("CREATE INDEX " + index.getKey() + " ON " + entity.table()
                            + " (" + columns(index.getValue()) + ")");
                }
                return null;
            });
            LOG.info("Created table " + entity.table());
        } catch (SQLException e) {
            LOG.error("Could not create table " + entity.table(), e);
        }
    }

    static String createTable(Entity entity) {
        String fields = entity.fieldNames().stream()
                .map(field -> Entity.snakeCase(field) + " " + entity.type(field).sqlType
                        + (entity.keyFields().contains(field) ? " NOT NULL" : ""))
                .collect(Collectors.joining(", "));
        return "CREATE TABLE " + entity.table() + " (" + fields
                + ", CONSTRAINT PK_" + entity.table() + " PRIMARY KEY (" + columns(entity.keyFields()) + "))";
    }

    private static String columns(List<String> fields) {
        return fields.stream().map(Entity::snakeCase).collect(Collectors.joining(", "));
    }
}
