package referencenode;

import clustercacheclear.CacheClearMXBean;
import java.util.Optional;
import referencenode.cacheclear.CacheClearSender;
import referencenode.cacheclear.ResilientCacheClearSender;
import referencenode.cacheclear.StockCacheClearSender;
import referencenode.config.Delegator;
import referencenode.config.JmsServer;
import referencenode.database.Database;

/** The sender that entityengine.xml asks for. */
final class ClearSending implements AutoCloseable {
    private static final String STOCK_SENDER = "org.ofbiz.entityext.cache.EntityCacheServices";
    private static final String RESILIENT_SENDER = "clustercacheclear.erp.ResilientCacheClear";

    final CacheClearSender sender;
    private final Optional<ResilientCacheClearSender> resilient;

    ClearSending(Delegator delegator, Optional<JmsServer> messenger, Database database) throws StartupException {
        resilient = resilient(delegator, messenger, database);
        sender = sender(delegator, messenger);
    }

    void start() {
        resilient.ifPresent(ResilientCacheClearSender::start);
    }

    /** Of the resilient sender alone. */
    Optional<CacheClearMXBean> figures() {
        return resilient.map(ResilientCacheClearSender::figures);
    }

    @Override
    public void close() {
        resilient.ifPresent(ResilientCacheClearSender::close);
    }

    private CacheClearSender sender(Delegator delegator, Optional<JmsServer> messenger) {
        if (!delegator.distributedCacheClear) {
            return (value, transaction) -> { };
        }
        if (resilient.isPresent()) {
            return resilient.get();
        }
        return new StockCacheClearSender(messenger, delegator.distributedCacheClearUser);
    }

    private static Optional<ResilientCacheClearSender> resilient(Delegator delegator, Optional<JmsServer> messenger,
            Database database) throws StartupException {
        String wanted = delegator.distributedCacheClearClass;
        if (!delegator.distributedCacheClear || wanted.isEmpty() || wanted.equals(STOCK_SENDER)) {
            return Optional.empty();
        }
        if (!wanted.equals(RESILIENT_SENDER)) {
            throw new StartupException("entityengine.xml, delegator " + delegator.name
                    + ", distributed-cache-clear-class-name: got " + wanted + "; the reference node has "
                    + RESILIENT_SENDER + ", and the stock sender where the attribute is left out");
        }
        JmsServer server = messenger.orElseThrow(() -> new StartupException("serviceengine.xml: "
                + RESILIENT_SENDER + " needs the jms-service serviceMessenger"));
        return Optional.of(new ResilientCacheClearSender(server, delegator.distributedCacheClearUser, database));
    }
}
