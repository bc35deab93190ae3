package clustercacheclear.erp;

import clustercacheclear.CacheClear;
import clustercacheclear.CacheClearSender;
import clustercacheclear.ClearLog;
import clustercacheclear.Scope;
import clustercacheclear.TransactionClears;
import java.util.function.Consumer;
import javax.transaction.RollbackException;
import javax.transaction.Status;
import javax.transaction.Synchronization;
import javax.transaction.SystemException;
import javax.transaction.Transaction;
import javax.transaction.TransactionManager;
import org.ofbiz.entity.transaction.TransactionFactoryLoader;

/** One sender and the transactions whose clears it will get. */
final class Target {
    private static final ClearLog LOG = new ErpLog();

    private final CacheClearSender sender;
    private final TransactionClears<Transaction> transactions;

    Target(CacheClearSender sender) {
        this.sender = sender;
        this.transactions = new TransactionClears<>(sender);
    }

    /** Throws nothing but what {@link CacheClearSender#offer} does. */
    void afterCommit(CacheClear clear) {
        afterCommit(transaction -> transactions.add(transaction, clear), () -> sender.offer(clear));
    }

    /** Throws nothing. */
    void everythingAfterCommit(Scope scope) {
        afterCommit(transaction -> transactions.addEverything(transaction, scope),
                () -> sender.offerEverything(scope));
    }

    private void afterCommit(Consumer<Transaction> collect, Runnable atOnce) {
        try {
            Transaction transaction = transaction();
            if (transaction == null) {
                atOnce.run();
                return;
            }
            if (!transactions.isKnown(transaction)) {
                watch(transaction);
            }
            collect.accept(transaction);
        } catch (RollbackException e) {
            // Marked for roll-back already: nothing of it will be seen, so there is nothing to clear.
            LOG.info("Cache clear: left out, its transaction will be rolled back");
        } catch (SystemException | RuntimeException | Error e) {
            // Unsure whether it will be committed: an early clear is better than none.
            LOG.warning("Cache clear: sent at once, its transaction cannot be watched: " + ClearLog.chain(e));
            atOnce.run();
        }
    }

    /** The transaction of this thread; null when there is none. */
    private static Transaction transaction() throws SystemException {
        TransactionManager manager = TransactionFactoryLoader.getInstance().getTransactionManager();
        return manager == null || manager.getStatus() == Status.STATUS_NO_TRANSACTION ? null : manager.getTransaction();
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
