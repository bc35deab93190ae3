package referencenode.config;

/** What a {@code <delegator>} of entityengine.xml means for the entity group {@code org.ofbiz}. */
public final class Delegator {
    public final String name;
    public final boolean distributedCacheClear;
    /** Empty: the ERP's own {@code org.ofbiz.entityext.cache.EntityCacheServices}. */
    public final String distributedCacheClearClass;
    /** Whose rights a cache clear is sent with; "system" in stock (DelegatorElement.java:79-89). */
    public final String distributedCacheClearUser;
    public final Datasource datasource;

    Delegator(String name, boolean distributedCacheClear, String distributedCacheClearClass,
            String distributedCacheClearUser, Datasource datasource) {
        this.name = name;
        this.distributedCacheClear = distributedCacheClear;
        this.distributedCacheClearClass = distributedCacheClearClass;
        this.distributedCacheClearUser = distributedCacheClearUser;
        this.datasource = datasource;
    }
}
