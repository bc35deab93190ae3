package clustercacheclear.erp;

import clustercacheclear.CacheClear;
import clustercacheclear.CacheClearSender;
import clustercacheclear.ClearLog;
import clustercacheclear.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ofbiz.base.config.GenericConfigException;
import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.GenericEntity;
import org.ofbiz.entity.GenericPK;
import org.ofbiz.entity.GenericValue;
import org.ofbiz.entity.condition.EntityCondition;
import org.ofbiz.entity.util.DistributedCacheClear;
import org.ofbiz.entityext.EntityServiceFactory;
import org.ofbiz.service.GenericServiceException;
import org.ofbiz.service.LocalDispatcher;
import org.ofbiz.service.ModelService;

/**
 * What {@code distributed-cache-clear-class-name} of entityengine.xml names. Collects the clears of a
 * transaction and hands them over after its commit; no write waits for a broker, nor fails for a fault of a broker
 * or in here: a clear that cannot be made becomes one of everything.
 */
public final class ResilientCacheClear implements DistributedCacheClear {
    private static final ClearLog LOG = new ErpLog();
    private static final String JMS_ENGINE = "jms";
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Delegator delegator;
    private final String userLoginId;
    private volatile Sending sending;
    private long triedAtNanos;

    /**
     * As GenericDelegator.java:2677 makes it. Where a constructor throws, the ERP turns the cache clear off for
     * the JVM: so this one does not, its figures say what is wrong, and it tries again.
     */
    public ResilientCacheClear(Delegator delegator, String userLoginId) {
        this.delegator = delegator;
        this.userLoginId = userLoginId;
        tryToBegin(false);
    }

    @Override
    public void distributedClearCacheLine(GenericValue value) {
        hand(Scope.ENTITY_CACHES, parts -> parts.messages.line("clearCacheLineByValue", "value", value));
    }

    @Override
    public void distributedClearCacheLine(GenericPK primaryKey) {
        hand(Scope.ENTITY_CACHES,
                parts -> parts.messages.line("clearCacheLineByPrimaryKey", "primaryKey", primaryKey));
    }

    @Override
    public void distributedClearCacheLineFlexible(GenericEntity dummyPK) {
        hand(Scope.ENTITY_CACHES, parts -> parts.messages.line("clearCacheLineByDummyPK", "dummyPK", dummyPK));
    }

    @Override
    public void distributedClearCacheLineByCondition(String entityName, EntityCondition condition) {
        hand(Scope.ENTITY_CACHES, parts -> parts.messages.condition(entityName, condition));
    }

    @Override
    public void clearAllCaches() {
        hand(Scope.ENTITY_CACHES, parts -> parts.messages.everything(Scope.ENTITY_CACHES));
    }

    @Override
    public void clearAllUtilCaches(Map<String, Object> context) {
        hand(Scope.ALL_CACHES,
                parts -> parts.messages.service("clearAllUtilCaches", context == null ? Map.of() : context));
    }

    /** A service of the JMS engine becomes a message for what it invokes; any other runs as in stock. */
    @Override
    public void runDistributedService(String serviceName, Map<String, Object> context) {
        hand(Scope.ALL_CACHES, parts -> parts.distributed(serviceName, context == null ? Map.of() : context));
    }

    /** Throws nothing: the caller is a write, and in its transaction. */
    private void hand(Scope scope, Making making) {
        Sending parts = sending;
        if (parts == null) {
            tryToBegin(true);
            return;
        }
        try {
            CacheClear clear = making.of(parts);
            if (clear != null) {
                parts.targets.forEach(target -> target.afterCommit(clear));
            }
        } catch (Throwable e) {
            // Throwable: values that cannot be copied or hashed, and a tree that this was not built for.
            parts.everythingInstead(scope, e);
        }
    }

    /** {@code lost}: there is something to send already, which a clear of everything stands for. */
    private synchronized void tryToBegin(boolean lost) {
        if (sending == null && (triedAtNanos == 0 || System.nanoTime() - triedAtNanos >= RETRY_NANOS)) {
            triedAtNanos = System.nanoTime() | 1;
            try {
                sending = new Sending(delegator, userLoginId);
                ErpFigures.noFault();
            } catch (Throwable e) {
                reportFault(e);
            }
        }
        if (sending != null && lost) {
            // And for whatever was written before.
            sending.targets.forEach(target -> target.everythingAfterCommit(Scope.ALL_CACHES));
        }
    }

    private static void reportFault(Throwable fault) {
        try {
            ErpFigures.fault("this JVM sends no cache clears", fault);
        } catch (Throwable e) {
            // Neither log nor figures are to be had: then the figures have no sender, which is seen as well.
            return;
        }
    }

    /** Makes a clear; null where there is none. */
    private interface Making {
        CacheClear of(Sending parts) throws GenericServiceException;
    }

    /** What is there once the ERP's configuration was read. */
    private static final class Sending {
        private final Messages messages;
        private final LocalDispatcher dispatcher;
        private final List<Target> targets = new ArrayList<>();

        Sending(Delegator delegator, String userLoginId) throws GenericConfigException {
            messages = new Messages(delegator, userLoginId);
            dispatcher = EntityServiceFactory.getLocalDispatcher(delegator);
            for (CacheClearSender sender : Senders.shared(messages)) {
                targets.add(new Target(sender));
            }
        }

        private CacheClear distributed(String serviceName, Map<String, Object> context)
                throws GenericServiceException {
            ModelService model = dispatcher.getDispatchContext().getModelService(serviceName);
            if (JMS_ENGINE.equals(model.engineName)) {
                return messages.service(model.invoke, context);
            }
            dispatcher.runAsync(serviceName, context, false);
            return null;
        }

        private void everythingInstead(Scope scope, Throwable fault) {
            try {
                LOG.warning("Cache clear: a clear cannot be made; all nodes will be sent a clear of everything: "
                        + ClearLog.chain(fault));
            } finally {
                targets.forEach(target -> target.everythingAfterCommit(scope));
            }
        }
    }
}
