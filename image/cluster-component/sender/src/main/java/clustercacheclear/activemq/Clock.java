package clustercacheclear.activemq;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what the library would wait for: work beside its caller, and one thread that looks at the time. */
final class Clock {
    private static final long IDLE_SECONDS = 2;
    /** A thread for each that runs, gone when there is nothing to do. */
    private static final ExecutorService WORKERS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS,
            TimeUnit.SECONDS, new SynchronousQueue<>(), named("broker-attempt"));
    private static final ScheduledThreadPoolExecutor TIME =
            new ScheduledThreadPoolExecutor(1, named("broker-deadlines"));

    static {
        TIME.setRemoveOnCancelPolicy(true);
    }

    private Clock() {
    }

    static <T> Future<T> run(Callable<T> work) {
        return WORKERS.submit(work);
    }

    /** {@code action} must not block. */
    static ScheduledFuture<?> after(long millis, Runnable action) {
        return TIME.schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    static ScheduledFuture<?> every(long millis, Runnable action) {
        return TIME.scheduleWithFixedDelay(action, millis, millis, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
