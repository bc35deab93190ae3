package clustercacheclear;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyWindowTest {
    @Test
    void quantilesAreOfTheLatestDurationsAlone() {
        LatencyWindow window = new LatencyWindow(100);
        assertEquals(0, window.quantileMillis(0.5));
        window.add(900_000_000);
        for (int millis = 1; millis <= 100; millis++) {
            window.add(millis * 1_000_000L);
        }
        assertEquals(50, window.quantileMillis(0.5));
        assertEquals(99, window.quantileMillis(0.99));
        assertEquals(100, window.quantileMillis(1));
    }
}
