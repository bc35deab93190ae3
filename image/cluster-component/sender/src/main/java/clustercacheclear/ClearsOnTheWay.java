package clustercacheclear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.jms.JMSException;

/**
 * The clears of one sender from the commit to the broker's confirmation: waiting, taken by the sending
 * thread, in flight; and their counts. Not safe for several threads.
 */
final class ClearsOnTheWay {
    private static final int LATENCIES = 1_024;

    private final PendingClears pending;
    private final LatencyWindow latencies = new LatencyWindow(LATENCIES);
    private InFlight inFlight = new InFlight();
    /** Taken from what waits and not yet in flight; null when there is none. */
    private PendingClears.Waiting taken;
    private long sent;
    private long clearAllsSent;
    private long failures;

    ClearsOnTheWay(PendingClears pending) {
        this.pending = pending;
    }

    /** Those that wait, to add to. */
    PendingClears pending() {
        return pending;
    }

    boolean isEmpty() {
        return pending.isEmpty() && inFlight.isEmpty() && taken == null;
    }

    boolean isAnyWaiting() {
        return !pending.isEmpty();
    }

    boolean isAnyInFlight() {
        return !inFlight.isEmpty();
    }

    /** Whether one more may be handed over to the broker. */
    boolean hasRoom() {
        return inFlight.hasRoom();
    }

    /** The next one, for the sending thread; null when none waits. */
    PendingClears.Waiting take() {
        taken = pending.next();
        return taken;
    }

    /** The taken one is in flight from now on. */
    InFlight.Message handOver(PendingClears.Waiting next, int length, long nowNanos) {
        InFlight.Message message = inFlight.add(next, length, nowNanos);
        taken = null;
        return message;
    }

    /** Counts the broker's confirmation; false where the message was given up before. */
    boolean confirmed(InFlight.Message message, long nowNanos) {
        if (!inFlight.confirmed(message)) {
            return false;
        }
        latencies.add(nowNanos - message.waiting.sinceNanos);
        if (message.waiting.everything) {
            clearAllsSent++;
        } else {
            sent++;
        }
        return true;
    }

    /** The broker refused the message; without effect where it was given up before. */
    void refused(InFlight.Message message, Exception failure) {
        if (inFlight.holds(message)) {
            inFlight.fail(failure);
        }
    }

    /** Why what is in flight cannot be relied on; null while it can. */
    Exception failure(long answerMillis, long nowNanos) {
        if (inFlight.oldestNanos(nowNanos) > TimeUnit.MILLISECONDS.toNanos(answerMillis)) {
            inFlight.fail(new JMSException("the broker did not answer within " + answerMillis + " ms"));
        }
        return inFlight.failure();
    }

    /** How long the oldest message in flight has waited for its answer. */
    long unansweredMillis(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(inFlight.oldestNanos(nowNanos));
    }

    /**
     * A clear of everything stands for the taken clear from now on, and with {@code allInFlight} for those in
     * flight too. True where none waited or was lost before: the first loss since everything was cleared.
     */
    boolean lost(boolean allInFlight, long nowNanos) {
        List<PendingClears.Waiting> lost = new ArrayList<>();
        if (allInFlight) {
            inFlight.messages().forEach(message -> lost.add(message.waiting));
            // An answer that comes all the same does not find its message here.
            inFlight = new InFlight();
        }
        if (taken != null) {
            lost.add(taken);
        }
        failures++;
        boolean first = !pending.everythingWaits() && lost.stream().noneMatch(waiting -> waiting.everything);
        lost.forEach(waiting -> pending.lost(waiting, nowNanos));
        taken = null;
        return first;
    }

    /** What is not confirmed, for the log; empty when all is. */
    String unsent() {
        return isEmpty() ? "" : (pending.waiting() + inFlight.size()) + " clears unsent"
                + (pending.everythingWaits() ? " and a clear of everything" : "");
    }

    int depth() {
        return pending.waiting() + (pending.everythingWaits() ? 1 : 0) + (taken == null ? 0 : 1) + inFlight.size();
    }

    /** Since when the oldest one waits to be sent or answered; {@code nowNanos} when there is none. */
    long oldestNanos(long nowNanos) {
        long oldest = Math.min(pending.oldestNanos(nowNanos), inFlight.oldestSinceNanos(nowNanos));
        return taken == null ? oldest : Math.min(oldest, taken.sinceNanos);
    }

    long sent() {
        return sent;
    }

    long clearAllsSent() {
        return clearAllsSent;
    }

    long failures() {
        return failures;
    }

    /** From the commit to the confirmation, of the latest 1,024 messages. */
    double latencyQuantileMillis(double share) {
        return latencies.quantileMillis(share);
    }
}
