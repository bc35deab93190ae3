package clustermembership;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps visitors from a node that stood still, or that the database has not confirmed for a lease: its
 * caches hold rows as they were, its jobs may run elsewhere. Asked for each request, because nothing
 * outside of this JVM can be as early as the first request after it wakes up.
 *
 * <p>A request waits shortly for the confirmation, which comes within a second where the database
 * answers, and is refused then.
 */
public final class VisitorGate {
    /** Set by the agent (node/jvm.py); without the first one there is no gate. */
    public static final String FILE_PROPERTY = "scipio.cluster.membership.file";
    public static final String LEASE_PROPERTY = "scipio.cluster.membership.leaseSeconds";
    /** The health path: the agent asks there whether the JVM answers, and a balancer what to do. */
    public static final String FREE_PATH_PROPERTY = "scipio.cluster.membership.freePath";
    public static final String REFUSAL = "This node waits for its place in the cluster. Please try again.\n";
    public static final int RETRY_AFTER_SECONDS = 1;

    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_MILLIS = 20;

    private final Membership membership;
    private final String freePath;
    private final Runnable forget;
    private final long holdNanos;
    private boolean shut;
    private long shutSince;

    VisitorGate(Membership membership, String freePath, Runnable forget, long holdNanos) {
        this.membership = membership;
        this.freePath = freePath;
        this.forget = forget;
        this.holdNanos = holdNanos;
    }

    /**
     * Empty where no agent watches over this JVM.
     *
     * @param forget empties the node's caches; run before the first request that is let in after a time
     *     in which messages may have been missed
     */
    public static Optional<VisitorGate> ofThisJvm(Runnable forget) throws IOException {
        String file = System.getProperty(FILE_PROPERTY, "");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        double leaseSeconds = Double.parseDouble(System.getProperty(LEASE_PROPERTY));
        Membership membership = new Membership(Path.of(file), leaseSeconds, new HostUptime());
        return Optional.of(
                new VisitorGate(membership, System.getProperty(FREE_PATH_PROPERTY, ""), forget, HOLD_NANOS));
    }

    /** Whether a request for this path may be answered; it may wait for that. */
    public boolean letsIn(String path) {
        boolean free = path.equals(freePath);
        while (!passes()) {
            if (free) {
                return true;
            }
            if (membership.state() == Membership.State.FENCED || isHeldLongEnough() || !waits()) {
                return false;
            }
        }
        return true;
    }

    private synchronized boolean passes() {
        if (membership.state() != Membership.State.CONFIRMED) {
            if (!shut) {
                shut = true;
                shutSince = System.nanoTime();
            }
            return false;
        }
        if (membership.takeMissed()) {
            forget.run();
        }
        shut = false;
        return true;
    }

    /** Of the time that the gate is shut, not of a request: an outage must not fill every thread. */
    private synchronized boolean isHeldLongEnough() {
        return System.nanoTime() - shutSince >= holdNanos;
    }

    private static boolean waits() {
        try {
            Thread.sleep(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
