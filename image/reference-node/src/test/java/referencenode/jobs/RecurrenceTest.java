package referencenode.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecurrenceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void secondsAreTakenFromTheNameAndEverythingElseIsDaily() {
        assertEquals(NOW.plusSeconds(90), Recurrence.next("EVERY_90_S", NOW));
        assertEquals(NOW.plus(Duration.ofDays(1)), Recurrence.next("MIDNIGHT_DAILY", NOW));
    }
}
