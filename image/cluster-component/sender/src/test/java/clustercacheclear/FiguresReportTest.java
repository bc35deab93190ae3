package clustercacheclear;

import static clustercacheclear.PendingClearsTest.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresReportTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long start = System.nanoTime();
    private final RecordedLog log = new RecordedLog();
    private final List<String> lines = log.lines;
    private final CacheClearSender sender =
            new CacheClearSender(new FakeBroker(), scope -> row("everything", ""), log);
    private OptionalLong since = OptionalLong.empty();
    private final Subscription subscription = new Subscription() {
        @Override
        public OptionalLong subscribedSinceMillis() {
            return since;
        }

        @Override
        public long received() {
            return 7;
        }

        @Override
        public long notFollowed() {
            return 2;
        }

        @Override
        public long unknownEntities() {
            return 1;
        }

        @Override
        public Map<String, Long> receivedFrom() {
            return Map.of("node-a", 4L, "odd \"\\\n name", 3L);
        }
    };

    @Test
    void theFileSaysWhetherTheNodeIsSubscribedAndWhatWaits(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");
        FiguresReport report = report(file);
        report.watch(subscription);
        report.report(start);
        assertTrue(Files.readString(file).contains("\"subscribed\":false,\"subscribedSince\":null,"));
        since = OptionalLong.of(1_700_000_000_500L);
        sender.offer(row("a", "a"));
        report.report(start + 1);
        String text = Files.readString(file);
        assertTrue(text.contains("\"subscribed\":true,\"subscribedSince\":1700000000.500,"), text);
        assertTrue(text.contains("\"queueDepth\":1,\"queued\":1,"), text);
        assertTrue(text.contains("\"senders\":1,\"senderAlive\":false,\"oldestWaitingS\":0,\"fault\":null,"), text);
        assertTrue(text.contains("\"received\":7,\"notFollowed\":2,\"unknownEntities\":1,"
                + "\"receivedFrom\":{\"node-a\":4,\"odd \\\"\\\\ name\":3}}"), text);
    }

    @Test
    void aFaultIsInTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");
        FiguresReport report = new FiguresReport(file.toString(), log);
        report.watch(subscription);
        report.fault("there is no <jms-service name=\"serviceMessenger\">");
        report.report(start);
        String text = Files.readString(file);
        assertTrue(text.contains("\"senders\":0,\"senderAlive\":false,"), text);
        assertTrue(text.contains("\"fault\":\"there is no <jms-service name=\\\"serviceMessenger\\\">\","), text);
    }

    @Test
    void theFileIsReplacedWithoutAChangeSoThatItsAgeTells(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");
        FiguresReport report = report(file);
        report.watch(subscription);
        report.report(start);
        Files.delete(file);
        report.report(start + SECOND);
        assertFalse(Files.exists(file));
        report.report(start + 5 * SECOND);
        assertTrue(Files.exists(file));
    }

    @Test
    void thereIsNoFileWhereNobodyKnowsOfASubscription(@TempDir Path folder) {
        Path file = folder.resolve("figures.json");
        report(file).report(start);
        assertFalse(Files.exists(file));
    }

    @Test
    void aFileThatCannotBeWrittenIsNamedOnce(@TempDir Path folder) {
        FiguresReport report = report(folder.resolve("absent").resolve("figures.json"));
        report.watch(subscription);
        report.report(start);
        report.report(start + 10 * SECOND);
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("figures.json"), lines.toString());
    }

    @Test
    void figuresAreLoggedOnceAMinuteWhenTheyChanged() {
        FiguresReport report = new FiguresReport(null, log);
        report.watch(sender.figures());
        sender.offer(row("a", "a"));
        report.report(start + 30 * SECOND);
        assertEquals(List.of(), lines);
        report.report(start + 61 * SECOND);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains("\"queued\":1,"), lines.toString());
        report.report(start + 130 * SECOND);
        assertEquals(1, lines.size(), "nothing changed");
        sender.offer(row("b", "b"));
        report.report(start + 131 * SECOND);
        assertEquals(2, lines.size());
    }

    private FiguresReport report(Path file) {
        FiguresReport report = new FiguresReport(file.toString(), log);
        report.watch(sender.figures());
        return report;
    }
}
