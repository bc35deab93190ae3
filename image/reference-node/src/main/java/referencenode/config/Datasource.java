package referencenode.config;

/** A {@code <datasource>} with its {@code <inline-jdbc>}; defaults as in InlineJdbc.java:54-170. */
public final class Datasource {
    public final String name;
    public final String schema;
    public final boolean checkOnStart;
    public final boolean addMissingOnStart;
    public final String uri;
    public final String user;
    public final String password;
    public final String isolationLevel;
    public final int poolMinSize;
    public final int poolMaxSize;
    public final int idleMaxSize;
    public final int poolWaitMillis;
    public final boolean testOnBorrow;
    public final String testStatement;

    Datasource(DatasourceElement element, String password) throws referencenode.StartupException {
        this.name = element.name();
        this.schema = element.datasource("schema-name");
        this.checkOnStart = "true".equals(element.datasource("check-on-start"));
        this.addMissingOnStart = "true".equals(element.datasource("add-missing-on-start"));
        this.uri = element.required("jdbc-uri");
        this.user = element.required("jdbc-username");
        this.password = password;
        this.isolationLevel = element.jdbc("isolation-level");
        this.poolMinSize = element.number("pool-minsize", 2);
        this.poolMaxSize = element.number("pool-maxsize", 50);
        this.idleMaxSize = element.number("idle-maxsize", poolMaxSize / 2);
        this.poolWaitMillis = element.number("pool-sleeptime", 300_000);
        this.testOnBorrow = "true".equals(element.jdbc("test-on-borrow"));
        this.testStatement = element.jdbc("pool-jdbc-test-stmt");
    }

    /** Whether tables that are missing are made when a delegator is loaded (GenericDelegator.java:274-279). */
    public boolean createsMissingTables() {
        return checkOnStart && addMissingOnStart;
    }
}
