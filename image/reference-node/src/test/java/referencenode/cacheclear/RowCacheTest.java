package referencenode.cacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowCacheTest {
    private final AtomicLong clock = new AtomicLong();

    @Test
    void anEntryExpiresAfterItsTime() {
        RowCache cache = new RowCache(100, clock::get);
        cache.put("k", Optional.of("v"), cache.generation());
        clock.set(99);
        assertNotNull(cache.get("k"));
        clock.set(100);
        assertNull(cache.get("k"));
    }

    @Test
    void withoutExpiryAnEntryStays() {
        RowCache cache = new RowCache(0, clock::get);
        cache.put("k", Optional.empty(), cache.generation());
        clock.set(Long.MAX_VALUE);
        assertEquals(Optional.empty(), cache.get("k").value);
    }

    @Test
    void aValueReadBeforeAClearIsNotKeptAfterIt() {
        RowCache cache = new RowCache(0, clock::get);
        long beforeTheRead = cache.generation();
        cache.clear("k");
        cache.put("k", Optional.of("old"), beforeTheRead);
        assertNull(cache.get("k"));
    }
}
