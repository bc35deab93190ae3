package referencenode;

import java.nio.file.Path;
import java.util.Properties;
import referencenode.config.CacheExpiry;
import referencenode.config.CatalinaConfig;
import referencenode.config.Delegator;
import referencenode.config.EntityEngineConfig;
import referencenode.config.InstanceId;
import referencenode.config.PropertiesFiles;
import referencenode.config.Resources;
import referencenode.config.ServiceEngineConfig;
import referencenode.database.EntityModel;

/** Everything a node reads before it starts; each part is read when it is asked for. */
final class Configuration {
    final Path ofbizHome;
    private final Resources resources;
    private final PropertiesFiles files;
    private final Properties system;

    /** {@code ofbiz.home}, or the working directory (Config.java:86-93 of the ERP). */
    Configuration(Properties system, ClassLoader loader) {
        this.ofbizHome = Path.of(system.getProperty("ofbiz.home", system.getProperty("user.dir")));
        this.resources = new Resources(loader);
        this.files = new PropertiesFiles(resources, system);
        this.system = system;
    }

    String instanceId() throws StartupException {
        return InstanceId.read(files, System.getenv());
    }

    Delegator delegator(String name) throws StartupException {
        return EntityEngineConfig.read(resources, files, system).delegator(name);
    }

    ServiceEngineConfig serviceEngine() throws StartupException {
        return ServiceEngineConfig.read(resources);
    }

    CatalinaConfig catalina() throws StartupException {
        return CatalinaConfig.read(ofbizHome);
    }

    long rowCacheExpireMillis(String delegator) throws StartupException {
        return CacheExpiry.millis(files.readWithoutOverrides("cache"), delegator, EntityModel.REFERENCE_ROW.name);
    }
}
