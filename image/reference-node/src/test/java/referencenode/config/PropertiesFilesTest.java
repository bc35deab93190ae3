package referencenode.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import referencenode.StartupException;

class PropertiesFilesTest {
    @TempDir
    Path root;

    @Test
    void aFileAtTheRootWinsOverTheComponentsOwn() throws Exception {
        ConfigFolder folder = new ConfigFolder(root);
        assertEquals("scipio1", InstanceId.read(folder.files(), Map.of()));
        folder.with("general.properties", "unique.instanceId=from-root\n");
        assertEquals("from-root", InstanceId.read(folder.files(), Map.of()));
    }

    @Test
    void systemPropertiesWinInBothSpellings() throws Exception {
        ConfigFolder folder = new ConfigFolder(root);
        folder.system.setProperty("scipio.property.general.unique.instanceId", "dotted");
        assertEquals("dotted", InstanceId.read(folder.files(), Map.of()));
        folder.system.clear();
        folder.system.setProperty("scipio.property.general#unique.instanceId", "hashed");
        assertEquals("hashed", InstanceId.read(folder.files(), Map.of()));
    }

    @Test
    void theInstanceIdMayComeFromTheEnvironment() throws Exception {
        ConfigFolder folder = new ConfigFolder(root)
                .with("general.properties", "unique.instanceId=${sys:getenv('NODE_NAME')}\n");
        assertEquals("i-0123", InstanceId.read(folder.files(), Map.of("NODE_NAME", "i-0123")));
        StartupException none =
                assertThrows(StartupException.class, () -> InstanceId.read(folder.files(), Map.of()));
        assertTrue(none.getMessage().contains("unique.instanceId"), none.getMessage());
    }

    @Test
    void cachePropertiesKnowNoOverride() throws Exception {
        ConfigFolder folder = new ConfigFolder(root);
        folder.system.setProperty("scipio.property.cache#cache.fileupdate.enable", "false");
        assertEquals("true", folder.files().readWithoutOverrides("cache").getProperty("cache.fileupdate.enable"));
    }

    @Test
    void theFileOfSystemPropertiesBeatsTheCommandLine() throws Exception {
        Path file = Files.writeString(root.resolve("system.properties"), "a.key=file\nb#c=also\n");
        Properties system = new Properties();
        system.setProperty("ofbiz.system.props", file.toString());
        system.setProperty("a.key", "command line");
        SystemPropertiesFile.mergeInto(system);
        assertEquals("file", system.getProperty("a.key"));
        assertEquals("also", system.getProperty("b#c"));
    }

    @Test
    void aSystemPropertiesFileThatIsNotThereIsNamed() {
        Properties system = new Properties();
        system.setProperty("ofbiz.system.props", "/nowhere/system.properties");
        StartupException missing =
                assertThrows(StartupException.class, () -> SystemPropertiesFile.mergeInto(system));
        assertTrue(missing.getMessage().contains("/nowhere/system.properties"), missing.getMessage());
    }
}
