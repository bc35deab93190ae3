package clustercacheclear;

/** Pauses that double from the shortest to the longest. */
final class Backoff {
    private final long shortestMillis;
    private final long longestMillis;
    private long nextMillis;

    Backoff(long shortestMillis, long longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
        reset();
    }

    long nextMillis() {
        long pause = nextMillis;
        nextMillis = Math.min(2 * nextMillis, longestMillis);
        return pause;
    }

    void reset() {
        nextMillis = shortestMillis;
    }
}
