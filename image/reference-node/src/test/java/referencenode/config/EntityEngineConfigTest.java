package referencenode.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import referencenode.StartupException;

class EntityEngineConfigTest {
    private static final String OVERLAY = "<entity-config>"
            + "<delegator name='default' distributed-cache-clear-enabled='true'>"
            + "<group-map group-name='org.ofbiz' datasource-name='localpostgres'/></delegator>"
            + "<datasource name='localpostgres' check-on-start='true' add-missing-on-start='true'>"
            + "<inline-jdbc jdbc-uri='jdbc:postgresql://db/scipio?password=no' jdbc-username='app'"
            + " %s pool-maxsize='%s'/></datasource></entity-config>";

    @TempDir
    Path root;

    @Test
    void aStockTreeIsRefusedBecauseItsDatabaseIsDerby() {
        StartupException refused = assertThrows(StartupException.class, () -> read(new ConfigFolder(root), "default"));
        assertTrue(refused.getMessage().contains("localderby"), refused.getMessage());
        assertTrue(refused.getMessage().contains("jdbc:postgresql:"), refused.getMessage());
    }

    @Test
    void theDatasourceOfTheGroupMapIsReadWithThePasswordThatIsLookedUp() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("entityengine.xml", String.format(OVERLAY, "jdbc-password-lookup='app'", 12))
                .with("passwords.properties", "jdbc-password.app=se&cret\n");
        Delegator delegator = read(folder, "default");
        assertTrue(delegator.distributedCacheClear);
        assertEquals("system", delegator.distributedCacheClearUser);
        assertEquals("app", delegator.datasource.user);
        assertEquals("se&cret", delegator.datasource.password);
        assertEquals(12, delegator.datasource.poolMaxSize);
        assertEquals(6, delegator.datasource.idleMaxSize);
        assertFalse(delegator.datasource.testOnBorrow);
        assertTrue(delegator.datasource.createsMissingTables());
    }

    @Test
    void aSystemPropertyWinsOverAnAttributeOfTheDatasource() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("entityengine.xml", String.format(OVERLAY, "jdbc-password='x'", 12));
        folder.system.setProperty("scipio.entity.datasource.localpostgres.check-on-start", "false");
        assertFalse(read(folder, "default").datasource.createsMissingTables());
    }

    @Test
    void aPasswordThatIsNotThereIsNamedByItsKey() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("entityengine.xml", String.format(OVERLAY, "jdbc-password-lookup='app'", 12));
        StartupException refused = assertThrows(StartupException.class, () -> read(folder, "default"));
        assertTrue(refused.getMessage().contains("jdbc-password.app"), refused.getMessage());
    }

    @Test
    void anUnknownDelegatorIsAnsweredWithTheKnownOnes() {
        StartupException refused = assertThrows(StartupException.class, () -> read(new ConfigFolder(root), "seed"));
        assertTrue(refused.getMessage().contains("default, default-no-eca, test"), refused.getMessage());
    }

    @Test
    void aNumberThatIsNoneIsNamedWithItsPlace() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("entityengine.xml", String.format(OVERLAY, "jdbc-password='x'", "many"));
        StartupException refused = assertThrows(StartupException.class, () -> read(folder, "default"));
        assertTrue(refused.getMessage().contains("localpostgres, pool-maxsize: got many"), refused.getMessage());
    }

    @Test
    void aDocumentTypeIsRefused() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("entityengine.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>");
        assertThrows(StartupException.class, () -> read(folder, "default"));
    }

    private static Delegator read(ConfigFolder folder, String name) throws Exception {
        return EntityEngineConfig.read(folder.resources(), folder.files(), folder.system).delegator(name);
    }
}
