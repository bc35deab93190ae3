package clustercacheclear.erp;

import clustercacheclear.CacheClear;
import clustercacheclear.CacheClearSender;
import clustercacheclear.ClearLog;
import clustercacheclear.Scope;
import clustercacheclear.TransactionClears;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.transaction.RollbackException;
import javax.transaction.Status;
import javax.transaction.Synchronization;
import javax.transaction.SystemException;
import javax.transaction.Transaction;
import javax.transaction.TransactionManager;
import org.ofbiz.base.config.GenericConfigException;
import org.ofbiz.entity.Delegator;
import org.ofbiz.entity.GenericEntity;
import org.ofbiz.entity.GenericPK;
import org.ofbiz.entity.GenericValue;
import org.ofbiz.entity.condition.EntityCondition;
import org.ofbiz.entity.transaction.TransactionFactoryLoader;
import org.ofbiz.entity.util.DistributedCacheClear;
import org.ofbiz.entityext.EntityServiceFactory;
import org.ofbiz.service.GenericServiceException;
import org.ofbiz.service.LocalDispatcher;
import org.ofbiz.service.ModelService;

/**
 * What {@code distributed-cache-clear-class-name} of entityengine.xml names. Collects the clears of a
 * transaction and hands them over after its commit; no write waits for a broker or fails without one.
 */
public final class ResilientCacheClear implements DistributedCacheClear {
    private static final ClearLog LOG = new ErpLog();
    private static final String JMS_ENGINE = "jms";

    private final Messages messages;
    private final LocalDispatcher dispatcher;
    private final List<Target> targets = new ArrayList<>();

    /** As GenericDelegator.java:2677 makes it. */
    public ResilientCacheClear(Delegator delegator, String userLoginId) throws GenericConfigException {
        messages = new Messages(delegator, userLoginId);
        dispatcher = EntityServiceFactory.getLocalDispatcher(delegator);
        for (CacheClearSender sender : Senders.shared(messages)) {
            targets.add(new Target(sender));
        }
    }

    @Override
    public void distributedClearCacheLine(GenericValue value) {
        afterCommit(messages.line("clearCacheLineByValue", "value", value));
    }

    @Override
    public void distributedClearCacheLine(GenericPK primaryKey) {
        afterCommit(messages.line("clearCacheLineByPrimaryKey", "primaryKey", primaryKey));
    }

    @Override
    public void distributedClearCacheLineFlexible(GenericEntity dummyPK) {
        afterCommit(messages.line("clearCacheLineByDummyPK", "dummyPK", dummyPK));
    }

    @Override
    public void distributedClearCacheLineByCondition(String entityName, EntityCondition condition) {
        afterCommit(messages.condition(entityName, condition));
    }

    @Override
    public void clearAllCaches() {
        afterCommit(messages.everything(Scope.ENTITY_CACHES));
    }

    @Override
    public void clearAllUtilCaches(Map<String, Object> context) {
        afterCommit(messages.service("clearAllUtilCaches", context == null ? Map.of() : context));
    }

    /** A service of the JMS engine becomes a message for what it invokes; any other runs as in stock. */
    @Override
    public void runDistributedService(String serviceName, Map<String, Object> context) {
        try {
            ModelService model = dispatcher.getDispatchContext().getModelService(serviceName);
            if (JMS_ENGINE.equals(model.engineName)) {
                afterCommit(messages.service(model.invoke, context));
            } else {
                dispatcher.runAsync(serviceName, context, false);
            }
        } catch (GenericServiceException e) {
            LOG.warning("Distributed service " + serviceName + " did not run: " + ClearLog.chain(e));
        }
    }

    private void afterCommit(CacheClear clear) {
        targets.forEach(target -> target.afterCommit(clear));
    }

    /** The transaction of this thread; null when there is none. */
    private static Transaction transaction() throws SystemException {
        TransactionManager manager = TransactionFactoryLoader.getInstance().getTransactionManager();
        return manager == null || manager.getStatus() == Status.STATUS_NO_TRANSACTION ? null : manager.getTransaction();
    }

    /** One sender and the transactions whose clears it will get. */
    private static final class Target {
        private final CacheClearSender sender;
        private final TransactionClears<Transaction> transactions;

        Target(CacheClearSender sender) {
            this.sender = sender;
            this.transactions = new TransactionClears<>(sender);
        }

        void afterCommit(CacheClear clear) {
            try {
                Transaction transaction = transaction();
                if (transaction == null) {
                    sender.offer(clear);
                } else {
                    if (!transactions.isKnown(transaction)) {
                        watch(transaction);
                    }
                    transactions.add(transaction, clear);
                }
            } catch (RollbackException e) {
                // Marked for roll-back already: nothing of it will be seen, so there is nothing to clear.
                LOG.info("Cache clear: left out, its transaction will be rolled back");
            } catch (SystemException | IllegalStateException e) {
                // Unsure whether it will be committed: an early clear is better than none.
                LOG.warning("Cache clear: sent at once, its transaction cannot be watched: " + ClearLog.chain(e));
                sender.offer(clear);
            }
        }

        private void watch(Transaction transaction) throws SystemException, RollbackException {
            transaction.registerSynchronization(new Synchronization() {
                private boolean commitBegan;

                /** Called before a commit alone. */
                @Override
                public void beforeCompletion() {
                    try {
                        commitBegan = transaction.getStatus() == Status.STATUS_ACTIVE;
                    } catch (SystemException e) {
                        commitBegan = true;
                    }
                }

                /**
                 * A commit that the database did not answer is reported as rolled back, and yet may have
                 * happened: a needless clear costs one read, a missing one leaves a peer stale.
                 */
                @Override
                public void afterCompletion(int status) {
                    if (status == Status.STATUS_ROLLEDBACK && !commitBegan) {
                        transactions.rolledBack(transaction);
                    } else {
                        transactions.committed(transaction);
                    }
                }
            });
        }
    }
}
