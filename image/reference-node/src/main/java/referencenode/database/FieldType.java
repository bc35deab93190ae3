package referencenode.database;

/** Field types and their columns on PostgreSQL (framework/entity/fieldtype/fieldtypepostgres.xml). */
public enum FieldType {
    ID("VARCHAR(255)"),
    NAME("VARCHAR(255)"),
    VALUE("VARCHAR(255)"),
    COMMENT("VARCHAR(255)"),
    LONG_VARCHAR("VARCHAR(255)"),
    VERY_LONG("TEXT"),
    INDICATOR("CHAR(1)"),
    NUMERIC("NUMERIC(20,0)"),
    DATE_TIME("TIMESTAMPTZ");

    public final String sqlType;

    FieldType(String sqlType) {
        this.sqlType = sqlType;
    }

    /** A value for JDBC from the text of a data file; empty text is no value. */
    Object parse(String text) {
        if (text.isEmpty()) {
            return null;
        }
        switch (this) {
            case NUMERIC:
                return Long.valueOf(text);
            case DATE_TIME:
                return java.sql.Timestamp.valueOf(text);
            default:
                return text;
        }
    }
}
