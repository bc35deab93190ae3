package clustermembership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's visitors by what its companion says, on a clock that is the test's. */
class VisitorGateTest {
    private static final String HEALTH = "/images/busy.gif";
    private static final String PAGE = "/shop/control/main";
    private static final long LONG = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path folder;

    private final AtomicInteger forgotten = new AtomicInteger();
    private volatile double uptime = 1000;
    private Path file;

    @BeforeEach
    void confirmed() throws IOException {
        file = folder.resolve("membership.json");
        say("alive", "1000.0");
    }

    private void say(String state, String confirmed) throws IOException {
        Path made = folder.resolve("new");
        Files.writeString(made, "{\"at\": 5.5, \"state\": \"" + state + "\", \"confirmedUptimeS\": " + confirmed
                + ", \"instanceId\": \"app-1\"}");
        Files.move(made, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private VisitorGate gate(long holdNanos) {
        return new VisitorGate(
                new Membership(file, 20, () -> uptime), HEALTH, forgotten::incrementAndGet, holdNanos);
    }

    @Test
    void confirmedNodeServesForItsLease() {
        VisitorGate gate = gate(0);
        assertTrue(gate.letsIn(PAGE));
        uptime = 1020;
        assertTrue(gate.letsIn(PAGE));
        uptime = 1020.1;
        assertFalse(gate.letsIn(PAGE));
        assertTrue(gate.letsIn(HEALTH), "the agent asks whether the JVM answers");
        assertEquals(0, forgotten.get());
    }

    @Test
    void nodeThatStoodStillForgetsBeforeItServes() throws Exception {
        VisitorGate gate = gate(LONG);
        assertTrue(gate.letsIn(PAGE));
        uptime = 1080;
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> gate.letsIn(PAGE));
        Thread.sleep(200);
        assertFalse(waiting.isDone(), "it waits for the confirmation");
        say("alive", "1080.2");
        assertTrue(waiting.get(10, TimeUnit.SECONDS));
        assertEquals(1, forgotten.get());
        assertTrue(gate.letsIn(PAGE));
        assertEquals(1, forgotten.get());
    }

    @Test
    void wordThatIsNewerAtTheFirstRequestHidesNothing() throws IOException {
        VisitorGate gate = gate(LONG);
        assertTrue(gate.letsIn(HEALTH));
        uptime = 1080;
        say("alive", "1080.0");
        assertTrue(gate.letsIn(PAGE));
        assertEquals(1, forgotten.get());
    }

    @Test
    void heartbeatsAreNoGap() throws IOException {
        VisitorGate gate = gate(0);
        for (int beat = 0; beat < 20; beat++) {
            uptime += 5;
            say("alive", Double.toString(uptime));
            assertTrue(gate.letsIn(HEALTH));
        }
        assertEquals(0, forgotten.get());
    }

    @Test
    void fencedNodeRefusesAtOnce() throws IOException {
        VisitorGate gate = gate(LONG);
        assertTrue(gate.letsIn(PAGE));
        uptime = 1080;
        say("fenced", "null");
        assertFalse(gate.letsIn(PAGE));
    }

    @Test
    void requestsOfAnOutageAreHeldOnceAndThenRefused() throws Exception {
        VisitorGate gate = gate(TimeUnit.MILLISECONDS.toNanos(300));
        uptime = 1080;
        long began = System.nanoTime();
        assertFalse(gate.letsIn(PAGE));
        assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(300));
        began = System.nanoTime();
        for (int request = 0; request < 100; request++) {
            assertFalse(gate.letsIn(PAGE));
        }
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(5), "no thread is held any more");
    }

    @Test
    void companionThatStartsAnewCostsNothing() throws IOException {
        VisitorGate gate = gate(0);
        assertTrue(gate.letsIn(PAGE));
        Files.delete(file);
        uptime = 1010;
        assertTrue(gate.letsIn(PAGE));
        say("alive", "null");
        uptime = 1015;
        assertTrue(gate.letsIn(PAGE));
    }

    @Test
    void hostUptimeIsTheHosts() throws IOException {
        double text = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
        assertEquals(text, new HostUptime().getAsDouble(), 1.0);
    }
}
