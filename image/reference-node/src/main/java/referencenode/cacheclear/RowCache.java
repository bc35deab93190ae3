package referencenode.cacheclear;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Values by key, each for a limited time or for ever; absent values are remembered as well. */
public final class RowCache {
    private static final int MOST_ENTRIES = 10_000;

    private final long expireMillis;
    private final LongSupplier clockMillis;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Long> received = new ConcurrentHashMap<>();
    private final AtomicLong clears = new AtomicLong();

    /** {@code expireMillis} 0: entries never expire. */
    public RowCache(long expireMillis, LongSupplier clockMillis) {
        this.expireMillis = expireMillis;
        this.clockMillis = clockMillis;
    }

    /** Null when the key is not cached; an entry without value when the row was known to be absent. */
    public Entry get(String key) {
        Entry entry = entries.get(key);
        if (entry == null || !isExpired(entry)) {
            return entry;
        }
        entries.remove(key, entry);
        return null;
    }

    /** To be taken before the row is read, and handed to {@link #put}. */
    public long generation() {
        return clears.get();
    }

    /** Keeps the value unless something was cleared since: it may have been read before that write. */
    public void put(String key, Optional<String> value, long generation) {
        if (entries.size() >= MOST_ENTRIES) {
            entries.clear();
        }
        entries.compute(key, (name, old) -> clears.get() == generation
                ? new Entry(value, clockMillis.getAsLong())
                : old);
    }

    public void clear(String key) {
        clears.incrementAndGet();
        entries.remove(key);
    }

    /** As {@link #clear}, for a message of the topic; it is counted. */
    public void clearByMessage(String key) {
        if (received.size() >= MOST_ENTRIES) {
            received.clear();
        }
        clear(key);
        received.merge(key, 1L, Long::sum);
    }

    /** Messages that cleared the key; after ten thousand other keys the count begins again. */
    public long clearsHeard(String key) {
        return received.getOrDefault(key, 0L);
    }

    public void clearAll() {
        clears.incrementAndGet();
        entries.clear();
    }

    private boolean isExpired(Entry entry) {
        return expireMillis > 0 && clockMillis.getAsLong() - entry.storedAtMillis >= expireMillis;
    }

    /** One cached answer. */
    public static final class Entry {
        public final Optional<String> value;
        private final long storedAtMillis;

        Entry(Optional<String> value, long storedAtMillis) {
            this.value = value;
            this.storedAtMillis = storedAtMillis;
        }
    }
}
