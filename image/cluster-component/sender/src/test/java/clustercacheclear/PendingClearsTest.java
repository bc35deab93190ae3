package clustercacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingClearsTest {
    private static final long MANY_BYTES = 1 << 20;

    @Test
    void equalClearsCoalesceToTheLatestContentInTheFirstPlace() throws MessageTextException {
        PendingClears pending = new PendingClears(10, MANY_BYTES);
        pending.add(row("a", "old"));
        pending.add(row("b", "x"));
        pending.add(row("a", "new"));
        assertEquals(List.of("new", "x"), texts(pending));
        assertEquals(1, pending.coalesced());
    }

    @Test
    void oneTooManyBecomesOneClearOfEverything() {
        PendingClears pending = new PendingClears(2, MANY_BYTES);
        for (String key : List.of("a", "b", "c", "d")) {
            pending.add(row(key, key));
        }
        PendingClears.Waiting only = pending.next();
        assertTrue(only.everything);
        assertEquals(Scope.ENTITY_CACHES, only.scope);
        assertNull(pending.next());
        assertEquals(4, pending.dropped());
    }

    @Test
    void rowsThatTakeTooMuchMemoryBecomeOneClearOfEverything() {
        PendingClears pending = new PendingClears(10, 1_000);
        pending.add(large("a", 600));
        assertEquals(600, pending.bytes());
        pending.add(large("b", 300));
        pending.add(large("a", 200));
        assertEquals(500, pending.bytes(), "the latest content of each");
        pending.next();
        pending.add(large("c", 900));
        assertEquals(0, pending.bytes());
        assertTrue(pending.next().everything);
        assertNull(pending.next());
        assertEquals(2, pending.dropped());
    }

    @Test
    void aClearOfRowsDoesNotStandForALostClearOfOtherCaches() {
        PendingClears pending = new PendingClears(10, MANY_BYTES);
        pending.add(row("a", "a"));
        pending.add(texts("labels"));
        pending.clearEverything(Scope.ENTITY_CACHES, 0);
        pending.add(texts("screens"));
        assertTrue(pending.next().everything);
        assertEquals(Scope.ALL_CACHES, pending.next().scope);
        assertEquals(Scope.ALL_CACHES, pending.next().scope);
        assertNull(pending.next());
    }

    @Test
    void overflowWithAnyWiderClearInItClearsAsWidely() {
        PendingClears pending = new PendingClears(2, MANY_BYTES);
        pending.add(texts("labels"));
        pending.add(row("a", "a"));
        pending.add(row("b", "b"));
        assertEquals(Scope.ALL_CACHES, pending.next().scope);
        assertNull(pending.next());
    }

    @Test
    void whatIsTakenAndLostComesBackAsAClearOfEverythingBeforeTheRest() {
        PendingClears pending = new PendingClears(10, MANY_BYTES);
        pending.add(row("a", "a"));
        pending.add(row("b", "b"));
        PendingClears.Waiting taken = pending.next();
        pending.lost(taken, 0);
        assertTrue(pending.next().everything);
        assertNull(pending.next());
        assertEquals(2, pending.dropped());
    }

    @Test
    void nothingIsEverForgotten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PendingClears pending = new PendingClears(5, MANY_BYTES);
        long taken = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(4)) {
                case 0:
                    PendingClears transaction = new PendingClears(5, MANY_BYTES);
                    for (int i = random.nextInt(8); i > 0; i--) {
                        transaction.add(row("k" + random.nextInt(9), "v"));
                    }
                    pending.addAll(transaction, step);
                    break;
                case 1:
                    PendingClears.Waiting next = pending.next();
                    if (next != null && random.nextBoolean()) {
                        pending.lost(next, step);
                    } else if (next != null && !next.everything) {
                        taken++;
                    }
                    break;
                default:
                    pending.add(row("k" + random.nextInt(9), "v"), step);
            }
            assertEquals(200L * pending.waiting(), pending.bytes(), "seed " + seed);
            assertEquals(pending.queued(),
                    taken + pending.coalesced() + pending.dropped() + pending.waiting(), "seed " + seed);
        }
    }

    static CacheClear row(String key, String text) {
        return new CacheClear("clearCacheLineByValue", key, Scope.ENTITY_CACHES, () -> text);
    }

    private static CacheClear large(String key, long bytes) {
        return new CacheClear("clearCacheLineByValue", key, Scope.ENTITY_CACHES, bytes, () -> key);
    }

    private static CacheClear texts(String key) {
        return new CacheClear("clearTexts", key, Scope.ALL_CACHES, () -> key);
    }

    private static List<String> texts(PendingClears pending) throws MessageTextException {
        List<String> texts = new ArrayList<>();
        for (PendingClears.Waiting next = pending.next(); next != null; next = pending.next()) {
            texts.add(next.clear().context());
        }
        return texts;
    }
}
