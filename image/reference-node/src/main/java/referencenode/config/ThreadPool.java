package referencenode.config;

import java.util.List;

/** The {@code <thread-pool>} of serviceengine.xml; defaults as in ThreadPool.java of the ERP. */
public final class ThreadPool {
    public final boolean pollEnabled;
    public final int pollMillis;
    /** The only threads that ever run jobs, in the ERP too: its queue is unbounded. */
    public final int minThreads;
    public final int jobs;
    public final List<String> runFromPools;

    ThreadPool(boolean pollEnabled, int pollMillis, int minThreads, int jobs, List<String> runFromPools) {
        this.pollEnabled = pollEnabled;
        this.pollMillis = pollMillis;
        this.minThreads = minThreads;
        this.jobs = jobs;
        this.runFromPools = List.copyOf(runFromPools);
    }
}
