package referencenode.database;

import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;
import referencenode.Log;
import referencenode.StartupException;
import referencenode.config.XmlFile;

/** An {@code <entity-engine-xml>} file, stored row by row: existing rows are updated. */
public final class DataFile {
    private static final Log LOG = new Log(DataFile.class);

    private final Path file;

    public DataFile(Path file) {
        this.file = file;
    }

    /** Rows stored. Trouble is an ERROR line and never an exit code, as with the ERP's load-data. */
    public int loadInto(Database database) {
        int stored = 0;
        for (Element row : rows()) {
            Optional<Entity> entity = EntityModel.named(row.getNodeName());
            if (entity.isEmpty()) {
                LOG.error(file + ": the reference node has no entity " + row.getNodeName() + "; row skipped");
                continue;
            }
            if (store(row, entity.get(), database)) {
                stored++;
            }
        }
        LOG.info(file + ": " + stored + " rows loaded");
        return stored;
    }

    private List<Element> rows() {
        if (!Files.isReadable(file)) {
            LOG.error(file + ": cannot be read; nothing loaded");
            return List.of();
        }
        try {
            Element root = XmlFile.read(file.toUri().toURL());
            if (root.getNodeName().equals("entity-engine-xml")) {
                return XmlFile.children(root, "*");
            }
            LOG.error(file + ": got <" + root.getNodeName() + ">; must be <entity-engine-xml>; nothing loaded");
        } catch (StartupException e) {
            LOG.error(file + ": nothing loaded", e);
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
        return List.of();
    }

    private boolean store(Element row, Entity entity, Database database) {
        try {
            EntityValue value = EntityXml.value(row, entity);
            database.inTransaction(transaction -> {
                EntityStore.store(value, transaction);
                return null;
            });
            return true;
        } catch (SQLException | IllegalArgumentException e) {
            LOG.error(file + ": a row of " + entity.name + " was not loaded", e);
            return false;
        }
    }
}
