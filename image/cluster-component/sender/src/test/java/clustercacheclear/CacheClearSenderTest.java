package clustercacheclear;

import static clustercacheclear.PendingClearsTest.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.jms.DeliveryMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class CacheClearSenderTest {
    private static final String EVERYTHING = "clearAllEntityCaches:ENTITY_CACHES";

    private final FakeBroker broker = new FakeBroker();
    private final RecordedLog log = new RecordedLog();
    private final List<String> lines = log.lines;
    private final CacheClearSender sender = new CacheClearSender(broker, CacheClearSenderTest::everything, log, 100, 1 << 20);
    private final TransactionClears<String> transactions = new TransactionClears<>(sender);

    @AfterEach
    void thaw() {
        broker.thaw();
    }

    @Test
    void clearsAreSentInTheOrderOfTheCommitsOverOneConnection() {
        sender.start();
        collect("first", "a");
        collect("second", "b");
        collect("first", "c");
        transactions.committed("second");
        transactions.committed("first");
        awaitPublished(line("b"), line("a"), line("c"));
        assertEquals(1, broker.opened());
        assertEquals(3, sender.figures().getSent());
        assertTrue(sender.figures().getPublishP99Millis() > 0);
    }

    @Test
    void aTransactionRolledBackSendsNothing() {
        sender.start();
        collect("doomed", "a");
        transactions.rolledBack("doomed");
        collect("fine", "b");
        transactions.committed("fine");
        awaitPublished(line("b"));
        assertEquals(0, transactions.open());
        assertEquals(1, sender.figures().getQueued());
    }

    @Test
    void duplicatesCoalesceWithinATransactionAndInTheQueue() {
        collect("t", "a");
        collect("t", "a");
        transactions.committed("t");
        sender.offer(row("a", "a"));
        sender.start();
        awaitPublished(line("a"));
        assertEquals(2, sender.figures().getCoalesced());
        assertEquals(3, sender.figures().getQueued());
    }

    @Test
    void anOverflowBecomesOneClearOfEverything() {
        for (int i = 0; i < 150; i++) {
            sender.offer(row("k" + i, "v"));
        }
        sender.start();
        awaitPublished(EVERYTHING);
        assertEquals(150, sender.figures().getDroppedToClearAll());
        assertEquals(1, sender.figures().getClearAllsSent());
    }

    @Test
    void aTransactionTooLargeBecomesOneClearOfEverything() {
        sender.start();
        for (int i = 0; i < 150; i++) {
            collect("import", "k" + i);
        }
        transactions.committed("import");
        awaitPublished(EVERYTHING);
    }

    @Test
    void aMessageThatMayBeLostBecomesAClearOfEverythingOverANewConnection() {
        sender.start();
        sender.offer(row("a", "a"));
        awaitPublished(line("a"));
        broker.failNextPublishes(1);
        sender.offer(row("b", "b"));
        awaitPublished(line("a"), EVERYTHING);
        sender.offer(row("c", "c"));
        awaitPublished(line("a"), EVERYTHING, line("c"));
        assertEquals(2, broker.opened());
        assertEquals(1, sender.figures().getReconnects());
        await("the first connection is closed", () -> broker.unclosed() == 1);
    }

    @Test
    void clearsWithoutABrokerBecomeOneClearOfEverythingWhenOneAnswers() {
        broker.refuse(true);
        sender.start();
        for (int i = 0; i < 20; i++) {
            sender.offer(row("k" + i, "v"));
        }
        await("an attempt failed", () -> sender.figures().getFailures() > 0);
        sender.offer(row("later", "v"));
        assertFalse(sender.figures().isConnected());
        broker.refuse(false);
        awaitPublished(EVERYTHING);
        assertEquals(21, sender.figures().getDroppedToClearAll());
        assertTrue(sender.figures().isConnected());
    }

    @Test
    void aConnectionThatBreaksWhileIdleIsReplacedWithoutLosingAnything() {
        sender.start();
        sender.offer(row("a", "a"));
        awaitPublished(line("a"));
        broker.breakConnection();
        sender.offer(row("b", "b"));
        awaitPublished(line("a"), line("b"));
        assertEquals(2, broker.opened());
    }

    @Test
    void aSilentBrokerStopsNoWriterAndWhatItDidNotConfirmCounts() {
        broker.freeze();
        sender.start();
        for (int i = 0; i < 10_000; i++) {
            sender.offer(row("k" + i, "v"));
        }
        await("some are under way", () -> !broker.published().isEmpty());
        assertEquals(10_000, sender.figures().getQueued());
        assertTrue(sender.figures().getQueueDepth() > 0);
        assertEquals(0, sender.figures().getSent());
        await("it is given up", () -> sender.figures().getFailures() > 0);
        broker.thaw();
        await("told", () -> sender.figures().getClearAllsSent() > 0 && sender.figures().getQueueDepth() == 0);
        assertEquals(10_000, sender.figures().getDroppedToClearAll() + sender.figures().getSent());
        assertTrue(broker.published().contains(EVERYTHING));
    }

    @Test
    void messagesAreHandedOverWithoutWaitingForTheAnswerToTheOneBefore() {
        broker.freeze();
        sender.start();
        for (int i = 0; i < 50; i++) {
            sender.offer(row("k" + i, "v"));
        }
        await("all are handed over", () -> broker.published().size() == 50);
        assertEquals(50, sender.figures().getQueueDepth());
        broker.thaw();
        await("all are confirmed", () -> sender.figures().getSent() == 50);
        assertEquals(0, sender.figures().getQueueDepth());
        assertEquals(0, sender.figures().getDroppedToClearAll());
    }

    @Test
    void noMoreIsUnderWayThanTheSocketsHold() {
        broker.freeze();
        sender.start();
        String large = "x".repeat(InFlight.MOST_CHARACTERS / 2);
        for (int i = 0; i < 10; i++) {
            sender.offer(row("k" + i, large));
        }
        await("as many as fit", () -> broker.published().size() == 2);
        assertEquals(10, sender.figures().getQueueDepth());
        broker.thaw();
        await("all are confirmed", () -> sender.figures().getSent() == 10);
    }

    @Test
    void aMessageThatTheBrokerRefusesBecomesAClearOfEverything() {
        broker.refuseNextMessages(1);
        sender.start();
        sender.offer(row("a", "a"));
        await("told", () -> sender.figures().getClearAllsSent() == 1);
        assertEquals(List.of(line("a"), EVERYTHING), broker.published());
        assertEquals(1, sender.figures().getDroppedToClearAll());
    }

    @Test
    void anAnswerThatComesTooLateChangesNothing() {
        broker.freeze();
        sender.start();
        sender.offer(row("a", "a"));
        await("it is given up", () -> sender.figures().getFailures() == 1);
        broker.thaw();
        await("told", () -> sender.figures().getClearAllsSent() >= 1 && sender.figures().getQueueDepth() == 0);
        assertEquals(0, sender.figures().getSent());
        assertEquals(1, sender.figures().getDroppedToClearAll());
    }

    @Test
    void aTextThatCannotBeMadeBecomesAClearOfEverything() {
        sender.start();
        sender.offer(new CacheClear("s", "k", Scope.ENTITY_CACHES, () -> {
            throw new MessageTextException("no such user");
        }));
        awaitPublished(EVERYTHING);
        sender.offer(new CacheClear("s", "k", Scope.ENTITY_CACHES, () -> {
            throw new IllegalStateException("odd value");
        }));
        awaitPublished(EVERYTHING, EVERYTHING);
        assertEquals(1, broker.opened());
    }

    @Test
    void aThousandFailuresLeaveNoThreadAndNoConnection() {
        broker.failNextPublishes(1);
        sender.start();
        sender.offer(row("a", "a"));
        awaitPublished(EVERYTHING);
        int threads = Thread.activeCount();
        for (int i = 0; i < 1_000; i++) {
            sender.offer(new CacheClear("s", "k", Scope.ENTITY_CACHES, () -> {
                throw new MessageTextException("fails");
            }));
            long failures = i + 2;
            await("it failed", () -> sender.figures().getFailures() >= failures
                    || sender.figures().getQueueDepth() == 0);
        }
        assertTrue(Thread.activeCount() <= threads + 1, Thread.activeCount() + " threads, before " + threads);
        assertTrue(broker.unclosed() <= 1);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorOfATextBecomesAClearOfEverythingAndSendingGoesOn(Error error) {
        sender.start();
        sender.offer(new CacheClear("s", "k", Scope.ALL_CACHES, () -> {
            throw error;
        }));
        awaitPublished("clearAllEntityCaches:ALL_CACHES");
        sender.offer(row("a", "a"));
        awaitPublished("clearAllEntityCaches:ALL_CACHES", line("a"));
        assertTrue(lines.stream().anyMatch(line -> line.contains("all nodes will be sent a clear of everything")));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorOfTheClientBecomesAClearOfEverythingAndSendingGoesOn(Error error) {
        broker.failNextWith(error);
        sender.start();
        sender.offer(row("a", "a"));
        awaitPublished(line("a"));
        broker.failNextWith(error);
        sender.offer(row("b", "b"));
        awaitPublished(line("a"), EVERYTHING);
        sender.offer(row("c", "c"));
        awaitPublished(line("a"), EVERYTHING, line("c"));
        assertTrue(sender.figures().isAlive());
    }

    static Stream<Error> errors() {
        return Stream.of(new NoSuchMethodError("an ERP of another release"), new StackOverflowError(),
                new OutOfMemoryError("unable to create native thread"));
    }

    @Test
    void aLogThatFailsStopsNothing() {
        CacheClearSender unlogged = new CacheClearSender(broker, CacheClearSenderTest::everything, new ClearLog() {
            @Override
            public void info(String message) {
                throw new IllegalStateException("the disk is full");
            }

            @Override
            public void warning(String message) {
                throw new IllegalStateException("the disk is full");
            }
        }, 100, 1 << 20);
        broker.failNextPublishes(1);
        unlogged.start();
        unlogged.offer(row("a", "a"));
        await("told", () -> unlogged.figures().getClearAllsSent() == 1);
    }

    /** Every commit takes the lock, and a log may wait for a disk. */
    @Test
    void nothingIsLoggedWhileWritersWaitForTheLock() {
        AtomicInteger held = new AtomicInteger();
        AtomicReference<CacheClearSender> made = new AtomicReference<>();
        ClearLog asking = new ClearLog() {
            @Override
            public void info(String message) {
                Thread writer = new Thread(() -> made.get().offer(row("during", "the log")));
                writer.start();
                try {
                    writer.join(1_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (writer.isAlive()) {
                    held.incrementAndGet();
                }
            }

            @Override
            public void warning(String message) {
                info(message);
            }
        };
        made.set(new CacheClearSender(broker, CacheClearSenderTest::everything, asking, 100, 1 << 20));
        broker.failNextPublishes(2);
        made.get().start();
        made.get().offer(row("a", "a"));
        await("told", () -> made.get().figures().getClearAllsSent() > 0);
        assertEquals(0, held.get());
    }

    @Test
    void aClearThatCannotBeMadeIsOneOfEverythingAfterTheCommit() {
        sender.start();
        collect("t", "a");
        transactions.addEverything("t", Scope.ENTITY_CACHES);
        assertEquals(List.of(), broker.published());
        transactions.committed("t");
        awaitPublished(EVERYTHING);
        sender.offerEverything(Scope.ALL_CACHES);
        awaitPublished(EVERYTHING, "clearAllEntityCaches:ALL_CACHES");
    }

    @Test
    void theAgeOfTheOldestThatWaitsIsSeen() throws InterruptedException {
        broker.freeze();
        sender.start();
        assertEquals(0, sender.figures().getOldestWaitingSeconds());
        sender.offer(row("a", "a"));
        await("it is under way", () -> !broker.published().isEmpty());
        Thread.sleep(300);
        sender.offer(row("b", "b"));
        assertTrue(sender.figures().getOldestWaitingSeconds() >= 0.3);
        broker.thaw();
        await("sent", () -> sender.figures().getSent() == 2);
        assertEquals(0, sender.figures().getOldestWaitingSeconds());
    }

    @Test
    void theEndOfTheJvmSendsWhatWaitsAndWhatIsCommittedMeanwhile() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            sender.offer(row("k" + i, "v"));
        }
        sender.start();
        Thread late = new Thread(() -> {
            for (int i = 0; i < 4; i++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                sender.offer(row("late " + i, "late"));
            }
        });
        late.start();
        long began = System.nanoTime();
        sender.flush();
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertEquals(54, broker.published().size());
        assertTrue(tookMillis < CacheClearSender.FLUSH_MILLIS + 500, tookMillis + " ms");
        late.join();
    }

    @Test
    void whatIsCommittedAfterTheFlushIsSentTooAsLongAsThereIsAJvm() {
        sender.start();
        sender.flush();
        sender.offer(row("late", "late"));
        awaitPublished(line("late"));
    }

    @Test
    void withoutABrokerTheEndIsHeldUpForItsLimitAndSaysWhatIsUnsent() {
        broker.refuse(true);
        sender.start();
        sender.offer(row("a", "a"));
        await("an attempt failed", () -> sender.figures().getFailures() > 0);
        long began = System.nanoTime();
        sender.flush();
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(tookMillis < CacheClearSender.FLUSH_MILLIS + 500, tookMillis + " ms");
        assertTrue(lines.stream().anyMatch(line -> line.contains("and a clear of everything")), lines.toString());
    }

    @Test
    void messagesNeedNoDiskOfTheBrokerAndLiveLongerThanClocksDiffer() {
        sender.start();
        sender.offer(row("a", "a"));
        awaitPublished(line("a"));
        assertEquals(List.of(DeliveryMode.NON_PERSISTENT, 4, 3_600_000L), broker.options().get(0));
    }

    private void collect(String transaction, String key) {
        transactions.add(transaction, row(key, key));
    }

    private void awaitPublished(String... expected) {
        await("confirmed " + List.of(expected), () -> sender.figures().getQueueDepth() == 0
                && sender.figures().getSent() + sender.figures().getClearAllsSent() >= expected.length);
        assertEquals(List.of(expected), broker.published());
    }

    private void await(String what, BooleanSupplier reached) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "not within 10 s: " + what + "; published "
                    + broker.published() + "; " + lines);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private static CacheClear everything(Scope scope) {
        return new CacheClear("clearAllEntityCaches", "everything", scope, scope::name);
    }

    private static String line(String key) {
        return "clearCacheLineByValue:" + key;
    }
}
