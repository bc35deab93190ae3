package clustercacheclear;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells those outside of this JVM how its cache clear goes: a file with one JSON object, replaced within
 * half a second of a change and every five seconds without one, so that its age shows whether it is still
 * written; and a line in the log, once a minute when a figure changed.
 *
 * <p>The file is there once a subscription is watched: without one there is nothing to report.
 */
public final class FiguresReport {
    /** Names the file; without it there is the log alone. */
    public static final String FILE_PROPERTY = "scipio.cluster.cacheClear.figuresFile";
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Optional<Path> file;
    private final ClearLog log;
    private final List<CacheClearMXBean> senders = new CopyOnWriteArrayList<>();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    private String written = "";
    private long writtenAtNanos;
    private String logged = "";
    private long loggedAtNanos = System.nanoTime();
    private boolean unwritable;
    private volatile String fault;

    /** {@code file} as the property gives it; null or empty, no file. */
    public FiguresReport(String file, ClearLog log) {
        this.file = file == null || file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
        this.log = log;
    }

    /** Figures of several senders are added up. */
    public void watch(CacheClearMXBean sender) {
        senders.add(sender);
    }

    /** The node counts as subscribed when all of its subscriptions are; their figures are added up. */
    public void watch(Subscription subscription) {
        subscriptions.add(subscription);
    }

    /** Why this JVM sends less than it should; null, nothing is known to be wrong. Others read it. */
    public void fault(String why) {
        fault = why;
    }

    /** To be called once; the thread ends with the JVM. */
    public void start() {
        Thread thread = new Thread(this::reportForEver, "cache-clear-figures");
        thread.setDaemon(true);
        thread.start();
    }

    private void reportForEver() {
        try {
            while (true) {
                try {
                    report(System.nanoTime());
                } catch (RuntimeException | Error e) {
                    // Without figures this node is not seen from outside; the next time may be better.
                    unwritable = true;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes and logs what is due. */
    void report(long nowNanos) {
        String now = members();
        if (!subscriptions.isEmpty()
                && (!now.equals(written) || nowNanos - writtenAtNanos >= LONGEST_SILENCE_NANOS)) {
            file.ifPresent(path -> write(path, now));
            written = now;
            writtenAtNanos = nowNanos;
        }
        if (!now.equals(logged) && nowNanos - loggedAtNanos >= LOG_NANOS) {
            log.info("Cache clear: {" + now + "}");
            logged = now;
            loggedAtNanos = nowNanos;
        }
    }

    private void write(Path path, String members) {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        String at = String.format(Locale.ROOT, "{\"at\":%.3f,", System.currentTimeMillis() / 1000.0);
        try {
            Files.writeString(next, at + members + "}\n");
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            unwritable = false;
        } catch (IOException e) {
            if (!unwritable) {
                log.warning("Cache clear: the figures cannot be written to " + path + ": " + ClearLog.chain(e));
            }
            unwritable = true;
        }
    }

    /** All but the time, as members of a JSON object. */
    private String members() {
        OptionalLong since = subscribedSinceMillis();
        return String.format(Locale.ROOT, "\"subscribed\":%b,\"subscribedSince\":%s,\"connected\":%b,"
                        + "\"queueDepth\":%d,\"queued\":%d,\"sent\":%d,\"coalesced\":%d,\"droppedToClearAll\":%d,"
                        + "\"clearAllsSent\":%d,\"reconnects\":%d,\"failures\":%d,"
                        + "\"publishMsMedian\":%.3f,\"publishMsP99\":%.3f,"
                        + "\"senders\":%d,\"senderAlive\":%b,\"oldestWaitingS\":%.0f,\"fault\":%s,"
                        + "\"received\":%d,\"notFollowed\":%d,\"unknownEntities\":%d,\"receivedFrom\":%s",
                since.isPresent(),
                since.isPresent() ? String.format(Locale.ROOT, "%.3f", since.getAsLong() / 1000.0) : "null",
                !senders.isEmpty() && senders.stream().allMatch(CacheClearMXBean::isConnected),
                senders.stream().mapToLong(CacheClearMXBean::getQueueDepth).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getQueued).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getSent).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getCoalesced).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getDroppedToClearAll).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getClearAllsSent).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getReconnects).sum(),
                senders.stream().mapToLong(CacheClearMXBean::getFailures).sum(),
                senders.stream().mapToDouble(CacheClearMXBean::getPublishMedianMillis).max().orElse(0),
                senders.stream().mapToDouble(CacheClearMXBean::getPublishP99Millis).max().orElse(0),
                senders.size(),
                !senders.isEmpty() && senders.stream().allMatch(CacheClearMXBean::isAlive),
                senders.stream().mapToDouble(CacheClearMXBean::getOldestWaitingSeconds).max().orElse(0),
                fault == null ? "null" : text(fault),
                subscriptions.stream().mapToLong(Subscription::received).sum(),
                subscriptions.stream().mapToLong(Subscription::notFollowed).sum(),
                subscriptions.stream().mapToLong(Subscription::unknownEntities).sum(),
                receivedFrom());
    }

    private String receivedFrom() {
        Map<String, Long> all = new TreeMap<>();
        subscriptions.forEach(each -> each.receivedFrom().forEach((id, count) -> all.merge(id, count, Long::sum)));
        return all.entrySet().stream().map(each -> text(each.getKey()) + ":" + each.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** A JSON string of printable ASCII; anything else is left out. */
    private static String text(String of) {
        return '"' + of.replaceAll("[^ -~]", "").replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The latest of all; empty unless there is one and all are subscribed. */
    private OptionalLong subscribedSinceMillis() {
        long latest = Long.MIN_VALUE;
        for (Subscription subscription : subscriptions) {
            OptionalLong since = subscription.subscribedSinceMillis();
            if (since.isEmpty()) {
                return OptionalLong.empty();
            }
            latest = Math.max(latest, since.getAsLong());
        }
        return subscriptions.isEmpty() ? OptionalLong.empty() : OptionalLong.of(latest);
    }
}
