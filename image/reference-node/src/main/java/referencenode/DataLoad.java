package referencenode;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import referencenode.config.Datasource;
import referencenode.database.DataFile;
import referencenode.database.Database;
import referencenode.database.Schema;
import referencenode.database.SeedData;

/** {@code load-data}: tables where the datasource says so, then rows; data errors are only lines in the log. */
final class DataLoad {
    private static final Log LOG = new Log(DataLoad.class);

    private final Configuration configuration;

    DataLoad(Configuration configuration) {
        this.configuration = configuration;
    }

    void run(String delegator, List<String> readers, List<String> files) throws StartupException {
        Datasource datasource = configuration.delegator(delegator).datasource;
        Database database = new Database(datasource);
        try {
            if (datasource.createsMissingTables()) {
                new Schema(database).createMissingTables();
            }
            new SeedData(configuration.ofbizHome).load(readers, database);
            for (String file : files) {
                new DataFile(Path.of(file)).loadInto(database);
            }
        } finally {
            close(database);
        }
    }

    private static void close(Database database) {
        try {
            database.close();
        } catch (SQLException e) {
            LOG.error("The database pool did not close", e);
        }
    }
}
