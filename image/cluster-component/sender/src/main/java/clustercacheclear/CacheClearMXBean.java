package clustercacheclear;

/** How sending goes: counts since the start; latencies over the latest 1,024 messages. */
public interface CacheClearMXBean {
    /** Clears of committed transactions: sent, coalesced, dropped to a clear of everything or waiting. */
    long getQueued();

    /** Messages that the broker confirmed, without those that clear everything. */
    long getSent();

    /** Clears that another one waiting made needless. */
    long getCoalesced();

    /** Clears that a clear of everything stands for, because of overflow or a possible loss. */
    long getDroppedToClearAll();

    /** Messages that clear everything on all nodes, confirmed by the broker. */
    long getClearAllsSent();

    /** Attempts to send that failed. */
    long getFailures();

    /** Connections after the first one. */
    long getReconnects();

    /** Clears that the broker has not confirmed: waiting or under way. */
    int getQueueDepth();

    /** How long the first one in line has waited, or the oldest under way for its answer; 0 when there is none. */
    double getOldestWaitingSeconds();

    /** Whether the thread that sends is there. */
    boolean isAlive();

    /** Whether there is a broker behind the connection now. */
    boolean isConnected();

    /** From the commit to the broker's confirmation. */
    double getPublishMedianMillis();

    double getPublishP99Millis();
}
