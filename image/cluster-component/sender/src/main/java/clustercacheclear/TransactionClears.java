package clustercacheclear;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Collects clears by open transaction and hands them to the sender once it is committed. */
public final class TransactionClears<T> {
    private final CacheClearSender sender;
    private final Map<T, PendingClears> open = new ConcurrentHashMap<>();

    public TransactionClears(CacheClearSender sender) {
        this.sender = sender;
    }

    /** Whether it has clears already, so that its end is watched. */
    public boolean isKnown(T transaction) {
        return open.containsKey(transaction);
    }

    /** The clear waits until {@link #committed} or {@link #rolledBack} is called for the transaction. */
    public void add(T transaction, CacheClear clear) {
        of(transaction).add(clear);
    }

    /** One clear of everything instead of one that could not be made. */
    public void addEverything(T transaction, Scope scope) {
        of(transaction).clearEverything(scope, System.nanoTime());
    }

    private PendingClears of(T transaction) {
        // One thread at a time works in a transaction.
        return open.computeIfAbsent(transaction, first -> sender.collection());
    }

    public void committed(T transaction) {
        PendingClears clears = open.remove(transaction);
        if (clears != null) {
            sender.offer(clears);
        }
    }

    public void rolledBack(T transaction) {
        open.remove(transaction);
    }

    int open() {
        return open.size();
    }
}
