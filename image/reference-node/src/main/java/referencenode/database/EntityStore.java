package referencenode.database;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Creates or updates one row. The ERP's delegator updates first and inserts when no row was there;
 * one statement does the same without failing when two nodes insert the same row at once.
 */
public final class EntityStore {
    private static final List<String> CREATION_STAMPS = List.of("createdStamp", "createdTxStamp");

    private EntityStore() {
    }

    /** Fields that {@code value} does not have keep what the row had. */
    public static void store(EntityValue value, Transaction transaction) throws SQLException {
        value.stamp(new Timestamp(System.currentTimeMillis()));
        List<String> fields = value.entity.fieldNames().stream().filter(value::has).collect(Collectors.toList());
        List<String> key = value.entity.keyFields();
        String changes = fields.stream()
                .filter(field -> !key.contains(field) && !CREATION_STAMPS.contains(field))
                .map(Entity::snakeCase)
                .map(column -> column + " = EXCLUDED." + column)
                .collect(Collectors.joining(", "));
        transaction.update(
                "INSERT INTO " + value.entity.table() + " (" + columns(fields) + ")"
                        + " VALUES (" + fields.stream().map(field -> "?").collect(Collectors.joining(", ")) + ")"
                        + " ON CONFLICT (" + columns(key) + ") DO UPDATE SET " + changes,
                fields.stream().map(value::get).toArray());
    }

    private static String columns(List<String> fields) {
        return fields.stream().map(Entity::snakeCase).collect(Collectors.joining(", "));
    }
}
