package referencenode;

import clustercacheclear.CacheClearMXBean;
import clustercacheclear.FiguresReport;
import clustermembership.VisitorGate;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import referencenode.cacheclear.CacheClearListener;
import referencenode.cacheclear.CacheClearServices;
import referencenode.cacheclear.RowCache;
import referencenode.config.Delegator;
import referencenode.config.JmsServer;
import referencenode.config.ServiceEngineConfig;
import referencenode.database.Database;
import referencenode.database.NestedTransactions;
import referencenode.database.Schema;
import referencenode.http.Sessions;
import referencenode.http.WebPages;
import referencenode.http.WebServer;
import referencenode.jobs.JobPoller;

/** A serving node: its parts, started in order and closed in the opposite one. */
final class Node implements AutoCloseable {
    private static final Log LOG = new Log(Node.class);
    private static final String WATCHED_LISTENER = "clustercacheclear.erp.WatchedTopicListener";
    private static final int LONGEST_INSTANCE_ID = 20;

    private final String instanceId;
    private final Delegator delegator;
    private final Database database;
    private final ClearSending sending;
    private final Optional<CacheClearListener> listener;
    private final JobPoller jobs;
    private final WebServer web;

    Node(Configuration configuration) throws StartupException {
        instanceId = configuration.instanceId();
        delegator = configuration.delegator("default");
        ServiceEngineConfig services = configuration.serviceEngine();
        RowCache cache =
                new RowCache(configuration.rowCacheExpireMillis(delegator.name), System::currentTimeMillis);
        database = new Database(delegator.datasource);
        sending = new ClearSending(delegator, services.messenger, database);
        ReferenceRows rows = new ReferenceRows(database, cache, sending.sender);
        listener = listener(services.messenger.filter(server -> server.listen), cache);
        jobs = new JobPoller(database, instanceId, services.threadPool);
        web = new WebServer(configuration.catalina().connectors, gate(cache),
                new WebPages(instanceId, database.user, listener,
                        sending.figures(), rows, new NestedTransactions(database),
                        new Sessions(System::currentTimeMillis)));
    }

    void start() {
        if (instanceId.length() > LONGEST_INSTANCE_ID) {
            LOG.warning("unique.instanceId " + instanceId + " is longer than " + LONGEST_INSTANCE_ID + " characters");
        }
        if (delegator.datasource.createsMissingTables()) {
            new Schema(database).createMissingTables();
        }
        listener.ifPresent(CacheClearListener::start);
        sending.start();
        sending.figures().ifPresent(this::report);
        web.start();
        jobs.start();
        LOG.info("REFERENCE NODE IS LOADED. Instance id " + instanceId);
    }

    /** As the component does in the ERP; with the stock sender there are no figures. */
    private void report(CacheClearMXBean figures) {
        FiguresReport report = new FiguresReport(
                System.getProperty(FiguresReport.FILE_PROPERTY), new Log(FiguresReport.class));
        report.watch(figures);
        listener.ifPresent(listening -> report.watch(listening.subscription()));
        report.start();
    }

    @Override
    public void close() {
        web.close();
        jobs.close();
        sending.close();
        listener.ifPresent(CacheClearListener::close);
        try {
            database.close();
        } catch (SQLException e) {
            LOG.error("The database pool did not close", e);
        }
        LOG.info("Stopped.");
    }

    /** As the component does in the ERP. */
    private static Optional<VisitorGate> gate(RowCache cache) throws StartupException {
        try {
            return VisitorGate.ofThisJvm(cache::clearAll);
        } catch (IOException e) {
            throw new StartupException("the host's uptime cannot be read", e);
        }
    }

    private static Optional<CacheClearListener> listener(Optional<JmsServer> messenger, RowCache cache)
            throws StartupException {
        if (messenger.isEmpty()) {
            return Optional.empty();
        }
        JmsServer server = messenger.get();
        return Optional.of(
                new CacheClearListener(server, new CacheClearServices(cache), mayHaveMissed(server, cache)));
    }

    /** The stock listener only logs that it was away, or what it could not follow. */
    private static Runnable mayHaveMissed(JmsServer server, RowCache cache) throws StartupException {
        switch (server.listenerClass) {
            case "":
                return () -> { };
            case WATCHED_LISTENER:
                return cache::clearAll;
            default:
                throw new StartupException("serviceengine.xml, jms-service serviceMessenger, listener-class: got "
                        + server.listenerClass + "; the reference node has " + WATCHED_LISTENER
                        + ", and the stock listener where the attribute is left out");
        }
    }
}
