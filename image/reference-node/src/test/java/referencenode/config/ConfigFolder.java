package referencenode.config;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A root folder before the stock tree of src/main/home, as on the class path of a node. */
final class ConfigFolder {
    static final Path STOCK = Path.of("src/main/home").toAbsolutePath();

    final Properties system = new Properties();
    private final Path root;

    ConfigFolder(Path root) {
        this.root = root;
    }

    ConfigFolder with(String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
        return this;
    }

    Resources resources() throws MalformedURLException {
        return new Resources(new URLClassLoader(new URL[] {
            root.toUri().toURL(),
            STOCK.resolve("framework/base/config").toUri().toURL(),
            STOCK.resolve("framework/entity/config").toUri().toURL(),
            STOCK.resolve("framework/service/config").toUri().toURL(),
            STOCK.resolve("framework/common/config").toUri().toURL(),
        }, null));
    }

    PropertiesFiles files() throws MalformedURLException {
        return new PropertiesFiles(resources(), system);
    }
}
