package clustercacheclear;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Messages about entities that this node's release does not have, as beside a newer one: a line in the log for
 * each entity, and then one a minute at the most.
 */
public final class UnknownEntities {
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Beyond those, names are not worth a line. */
    private static final int MOST = 1_000;

    private final ClearLog log;
    private final Map<String, Long> loggedAtNanos = new HashMap<>();
    private long messages;
    private long unlogged;

    public UnknownEntities(ClearLog log) {
        this.log = log;
    }

    public synchronized void add(UnknownEntityException unknown) {
        messages++;
        unlogged++;
        long now = System.nanoTime();
        Long before = loggedAtNanos.get(unknown.entity());
        if (before == null ? loggedAtNanos.size() < MOST : now - before >= LOG_NANOS) {
            loggedAtNanos.put(unknown.entity(), now);
            log.info("Cache clear: " + unlogged + (unlogged == 1 ? " message" : " messages")
                    + " without anything to clear: " + unknown.getMessage());
            unlogged = 0;
        }
    }

    /** Since the start. */
    public synchronized long messages() {
        return messages;
    }
}
