package clustercacheclear;

import java.util.Arrays;

/** The latest durations, for quantiles of what happens now. Not safe for several threads. */
final class LatencyWindow {
    private final long[] nanos;
    private long seen;

    LatencyWindow(int size) {
        nanos = new long[size];
    }

    void add(long duration) {
        nanos[(int) (seen++ % nanos.length)] = duration;
    }

    /** The smallest duration that at least {@code share} of the window do not exceed; 0 when empty. */
    double quantileMillis(double share) {
        int size = (int) Math.min(seen, nanos.length);
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)] / 1e6;
    }
}
