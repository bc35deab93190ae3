package referencenode.database;

import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;

/** A row, or only its key, by the entity's field names. */
public final class EntityValue {
    public final Entity entity;
    private final Map<String, Object> values = new LinkedHashMap<>();

    public EntityValue(Entity entity) {
        this.entity = entity;
    }

    /** Later puts win; a field that the entity does not have is a mistake of the caller. */
    public EntityValue put(String field, Object value) {
        if (entity.type(field) == null) {
            throw new IllegalArgumentException(entity.name + " has no field " + field);
        }
        values.put(field, value);
        return this;
    }

    public boolean has(String field) {
        return values.containsKey(field);
    }

    public Object get(String field) {
        return values.get(field);
    }

    /** As the ERP writes it into XML; null when there is no value. */
    public String text(String field) {
        Object value = values.get(field);
        return value == null ? null : value.toString();
    }

    /** Sets all stamps; those of creation count for a new row alone. */
    void stamp(Timestamp now) {
        Entity.STAMPS.forEach(stamp -> put(stamp, now));
    }
}
