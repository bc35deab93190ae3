package referencenode.database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One entity: its fields in order, its key, and the names the ERP would give table and columns. */
public final class Entity {
    /** On every table of the ERP, kept by its entity engine. */
    public static final List<String> STAMPS =
            List.of("lastUpdatedStamp", "lastUpdatedTxStamp", "createdStamp", "createdTxStamp");

    public final String name;
    private final Map<String, FieldType> fields = new LinkedHashMap<>();
    private final List<String> key = new ArrayList<>();
    private final Map<String, List<String>> indexes = new LinkedHashMap<>();

    private Entity(String name) {
        this.name = name;
    }

    static Entity of(String name) {
        return new Entity(name);
    }

    Entity key(String field, FieldType type) {
        key.add(field);
        return field(field, type);
    }

    Entity field(String field, FieldType type) {
        fields.put(field, type);
        return this;
    }

    Entity index(String indexName, String... indexFields) {
        indexes.put(indexName, List.of(indexFields));
        return this;
    }

    Entity stamped() {
        STAMPS.forEach(stamp -> fields.put(stamp, FieldType.DATE_TIME));
        return this;
    }

    public String table() {
        return snakeCase(name);
    }

    public Collection<String> fieldNames() {
        return Collections.unmodifiableCollection(fields.keySet());
    }

    public List<String> keyFields() {
        return Collections.unmodifiableList(key);
    }

    public Map<String, List<String>> indexes() {
        return Collections.unmodifiableMap(indexes);
    }

    public FieldType type(String field) {
        return fields.get(field);
    }

    /** {@code runByInstanceId} is {@code run_by_instance_id} (ModelUtil.javaNameToDbName). */
    public static String snakeCase(String javaName) {
        return javaName.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
