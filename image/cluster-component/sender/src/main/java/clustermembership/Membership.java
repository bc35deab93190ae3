package clustermembership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether this node is one of the cluster, by what its agent's companion writes into membership.json: the
 * host's uptime at which the database last confirmed it. The word lasts for a lease, which is shorter than
 * the time after which other nodes give this one up.
 */
final class Membership {
    private static final Pattern CONFIRMED = Pattern.compile("\"confirmedUptimeS\":\\s*([0-9.]+)");
    private static final Pattern FENCED = Pattern.compile("\"state\":\\s*\"fenced\"");
    /** So long a word is not read again: a request must not cost a look at a file. */
    private static final double READ_AGAIN_SECONDS = 1;
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    enum State { CONFIRMED, UNCONFIRMED, FENCED }

    private final Path file;
    private final double leaseSeconds;
    private final DoubleSupplier uptime;
    private double readAt = NEVER;
    private double confirmedAt = NEVER;
    private boolean fenced;
    private boolean missed;

    Membership(Path file, double leaseSeconds, DoubleSupplier uptime) {
        this.file = file;
        this.leaseSeconds = leaseSeconds;
        this.uptime = uptime;
    }

    /** To be asked often, also without a visitor: what lies between two words is seen by it. */
    synchronized State state() {
        double now = uptime.getAsDouble();
        if (now - readAt >= READ_AGAIN_SECONDS || !isFresh(now)) {
            read();
            readAt = now;
        }
        if (fenced) {
            return State.FENCED;
        }
        return isFresh(now) ? State.CONFIRMED : State.UNCONFIRMED;
    }

    /** Once after each time that was longer than a lease and in which nothing was confirmed. */
    synchronized boolean takeMissed() {
        boolean was = missed;
        missed = false;
        return was;
    }

    private boolean isFresh(double now) {
        return now - confirmedAt <= leaseSeconds;
    }

    /** A companion that starts anew has no file yet: the last word counts on until its lease is over. */
    private void read() {
        String report;
        try {
            report = Files.readString(file);
        } catch (IOException e) {
            return;
        }
        fenced = FENCED.matcher(report).find();
        Matcher found = CONFIRMED.matcher(report);
        if (found.find()) {
            double confirmed = Double.parseDouble(found.group(1));
            missed |= confirmedAt != NEVER && confirmed - confirmedAt > leaseSeconds;
            confirmedAt = confirmed;
        }
    }
}
