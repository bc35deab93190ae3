package clustercacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OwnClearsTest {
    private final RecordedLog log = new RecordedLog();
    private final AtomicInteger clears = new AtomicInteger();

    @Test
    void oneIsClearedForAtOnce() {
        new OwnClears(clears::incrementAndGet, log).want("unreadable");
        assertEquals(1, clears.get());
        assertTrue(log.lines.get(0).contains("a message cannot be followed"), log.lines.toString());
        assertTrue(log.lines.get(0).contains("unreadable"), log.lines.toString());
    }

    @Test
    void manyAreClearedForOnceInAnIntervalWithOneLine() throws InterruptedException {
        OwnClears own = new OwnClears(clears::incrementAndGet, log, 400);
        for (int i = 0; i < 1_000; i++) {
            own.want("message " + i);
        }
        assertEquals(1, clears.get());
        await(2);
        Thread.sleep(600);
        assertEquals(2, clears.get(), "none is left to be cleared for");
        assertEquals(2, log.lines.size(), log.lines.toString());
        assertTrue(log.lines.get(1).contains("999 messages cannot be followed"), log.lines.toString());
        assertEquals(1_000, own.wanted());
    }

    @Test
    void aClearThatFailsIsTriedAgain() throws InterruptedException {
        OwnClears own = new OwnClears(() -> {
            if (clears.incrementAndGet() < 3) {
                throw new NoSuchMethodError("an ERP of another release");
            }
        }, log, 100);
        own.want("unreadable");
        await(3);
        Thread.sleep(300);
        assertEquals(3, clears.get());
    }

    private void await(int number) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (clears.get() < number && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertEquals(number, clears.get());
    }
}
