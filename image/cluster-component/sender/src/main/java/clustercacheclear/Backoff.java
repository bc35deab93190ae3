package clustercacheclear;

/** Pauses that double from the shortest to the longest. Not safe for several threads. */
public final class Backoff {
    private final long shortestMillis;
    private final long longestMillis;
    private long nextMillis;

    public Backoff(long shortestMillis, long longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
        reset();
    }

    public long nextMillis() {
        long pause = nextMillis;
        nextMillis = Math.min(2 * nextMillis, longestMillis);
        return pause;
    }

    public void reset() {
        nextMillis = shortestMillis;
    }
}
