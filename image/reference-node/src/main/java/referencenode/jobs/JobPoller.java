package referencenode.jobs;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.LinkedBlockingQueue;
import referencenode.Log;
import referencenode.config.ThreadPool;
import referencenode.database.Database;

/** Takes due jobs from the shared table every {@code poll-db-millis} and runs them on {@code min-threads} threads. */
public final class JobPoller implements AutoCloseable {
    private static final Log LOG = new Log(JobPoller.class);

    private final JobTable table;
    private final ThreadPool pool;
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService polling;
    private boolean crashedRecovered;

    public JobPoller(Database database, String instanceId, ThreadPool pool) {
        this.table = new JobTable(database, instanceId);
        this.pool = pool;
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(pool.minThreads, pool.minThreads, 0, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), task -> daemon(task, "job-" + number.incrementAndGet()));
        this.polling = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "job-poller"));
    }

    public void start() {
        if (pool.pollEnabled) {
            polling.scheduleWithFixedDelay(this::poll, 0, pool.pollMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Running jobs are interrupted and not waited for; waiting ones are free for other nodes again. */
    @Override
    public void close() {
        polling.shutdownNow();
        for (Runnable waiting : workers.shutdownNow()) {
            try {
                table.release(((Task) waiting).job);
            } catch (SQLException e) {
                LOG.error("A queued job was not released", e);
            }
        }
    }

    /** Expected trouble is logged and the next poll tries again: an exception would end the polling. */
    private void poll() {
        try {
            int room = pool.jobs - workers.getQueue().size();
            if (room <= 0) {
                return;
            }
            if (table.isLocked()) {
                LOG.info("The job manager is locked.");
                return;
            }
            recoverOnce();
            enqueue(table.claim(pool));
        } catch (SQLException e) {
            LOG.error("Exception thrown while polling JobSandbox", e);
        }
    }

    private void recoverOnce() throws SQLException {
        if (!crashedRecovered) {
            int recovered = table.recoverOwnCrashed();
            crashedRecovered = true;
            if (recovered > 0) {
                LOG.warning(recovered + " jobs of an earlier life of this instance were scheduled again");
            }
        }
    }

    private void enqueue(List<Job> claimed) throws SQLException {
        for (Job job : claimed) {
            if (table.queue(job)) {
                workers.execute(new Task(job));
            }
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private final class Task implements Runnable {
        private final Job job;

        Task(Job job) {
            this.job = job;
        }

        @Override
        public void run() {
            try {
                if (table.begin(job)) {
                    LOG.info("Running Job " + job.id + " (" + job.service + ")");
                    runService();
                }
            } catch (SQLException e) {
                LOG.error("Job " + job.id + ": its row could not be updated", e);
            }
        }

        private void runService() throws SQLException {
            try {
                table.finish(job, "SERVICE_FINISHED", Services.run(job.service, job.name));
            } catch (Services.UnknownServiceException e) {
                LOG.error("Job " + job.id + " failed", e);
                table.finish(job, "SERVICE_FAILED", e.getMessage());
            } catch (InterruptedException e) {
                // The node stops: the row stays SERVICE_RUNNING, as in the ERP.
                Thread.currentThread().interrupt();
            }
        }
    }
}
