package referencenode.jobs;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import referencenode.config.ThreadPool;
import referencenode.database.Database;
import referencenode.database.SequenceIds;
import referencenode.database.Transaction;

/** The states of a row of job_sandbox, with the ERP's own conditions (JobManager.java, PersistedServiceJob.java). */
final class JobTable {
    private static final int SEQUENCE_BANK = 100;
    private static final int RESULT_LENGTH = 255;

    private final Database database;
    private final String instanceId;
    private final SequenceIds ids;

    JobTable(Database database, String instanceId) {
        this.database = database;
        this.instanceId = instanceId;
        this.ids = new SequenceIds(database, "JobSandbox", SEQUENCE_BANK);
    }

    /** Whether a job_manager_lock for this node or for all ({@code _NA_}) holds now (JobManager.java:186-201). */
    boolean isLocked() throws SQLException {
        return database.inTransaction(transaction -> !transaction.query(
                row -> 1,
                "SELECT 1 FROM job_manager_lock WHERE instance_id IN (?, '_NA_')"
                        + " AND from_date <= now() AND (thru_date IS NULL OR thru_date > now())",
                instanceId).isEmpty());
    }

    /** Jobs that are due and that this node, and no other, now owns. */
    List<Job> claim(ThreadPool pool) throws SQLException {
        String pools = pool.runFromPools.stream().map(name -> "?").collect(Collectors.joining(", "));
        List<Object> parameters = new ArrayList<>(pool.runFromPools);
        parameters.add(pool.jobs);
        return database.inTransaction(transaction -> {
            List<Job> due = transaction.query(Job::of,
                    "SELECT " + Job.COLUMNS + " FROM job_sandbox WHERE run_time <= now()"
                            + " AND start_date_time IS NULL AND cancel_date_time IS NULL"
                            + " AND run_by_instance_id IS NULL AND event_id IS NULL"
                            + " AND (pool_id IS NULL" + (pools.isEmpty() ? "" : " OR pool_id IN (" + pools + ")") + ")"
                            + " ORDER BY priority DESC NULLS LAST, run_time LIMIT ?",
                    parameters.toArray());
            List<Job> claimed = new ArrayList<>();
            for (Job job : due) {
                if (transaction.update("UPDATE job_sandbox SET run_by_instance_id = ?, last_updated_stamp = now()"
                        + " WHERE job_id = ? AND run_by_instance_id IS NULL", instanceId, job.id) == 1) {
                    claimed.add(job);
                }
            }
            return claimed;
        });
    }

    /** SERVICE_QUEUED; false when the row was cancelled, started or taken over meanwhile. */
    boolean queue(Job job) throws SQLException {
        return change(job, "status_id = 'SERVICE_QUEUED'", "cancel_date_time IS NULL AND start_date_time IS NULL");
    }

    /** SERVICE_RUNNING, and the next recurrence is inserted now, not at the end. */
    boolean begin(Job job) throws SQLException {
        if (!change(job, "status_id = 'SERVICE_RUNNING', start_date_time = now()", "cancel_date_time IS NULL")) {
            return false;
        }
        if (job.temporalExpression != null) {
            String nextId = ids.next();
            Timestamp next = Timestamp.from(Recurrence.next(job.temporalExpression, Instant.now()));
            database.inTransaction(transaction -> {
                insertCopy(transaction, job, nextId, next, true);
                return null;
            });
        }
        return true;
    }

    void finish(Job job, String status, String result) throws SQLException {
        String kept = result.substring(0, Math.min(result.length(), RESULT_LENGTH));
        database.inTransaction(transaction -> {
            transaction.update("UPDATE job_sandbox SET status_id = ?, finish_date_time = now(), job_result = ?,"
                    + " last_updated_stamp = now() WHERE job_id = ?", status, kept, job.id);
            return null;
        });
    }

    /** A queued job that this node will not run any more is free for others again (JobPoller.java:407-426). */
    void release(Job job) throws SQLException {
        change(job, "status_id = 'SERVICE_PENDING', run_by_instance_id = NULL", "start_date_time IS NULL");
    }

    /**
     * What an earlier life of this instance id left: its jobs are crashed and run again, its
     * semaphores are gone (JobManager.java:473-617, ServiceDispatcher.java:108).
     */
    int recoverOwnCrashed() throws SQLException {
        List<Job> crashed = database.inTransaction(transaction -> {
            transaction.update("DELETE FROM service_semaphore WHERE locked_by_instance_id = ?", instanceId);
            return transaction.query(Job::of, "SELECT " + Job.COLUMNS + " FROM job_sandbox WHERE run_by_instance_id = ?"
                    + " AND status_id IN ('SERVICE_PENDING', 'SERVICE_QUEUED', 'SERVICE_RUNNING')", instanceId);
        });
        for (Job job : crashed) {
            recover(job);
        }
        return crashed.size();
    }

    private void recover(Job job) throws SQLException {
        String copyId = ids.next();
        database.inTransaction(transaction -> {
            if (job.event == null) {
                Timestamp now = Timestamp.from(Instant.now());
                insertCopy(transaction, job, copyId, now, job.status.equals("SERVICE_QUEUED"));
            }
            transaction.update("UPDATE job_sandbox SET status_id = 'SERVICE_CRASHED', cancel_date_time = now(),"
                    + " last_updated_stamp = now() WHERE job_id = ?", job.id);
            return null;
        });
    }

    private static void insertCopy(Transaction transaction, Job job, String id, Timestamp runTime, boolean recurs)
            throws SQLException {
        String recurrence = recurs ? "temp_expr_id, recurrence_info_id" : "NULL, NULL";
        transaction.update("INSERT INTO job_sandbox (job_id, previous_job_id, parent_job_id, status_id, run_time,"
                + " current_retry_count, job_name, priority, pool_id, service_name, loader_name, max_retry,"
                + " auth_user_login_id, run_as_user, runtime_data_id, max_recurrence_count,"
                + " temp_expr_id, recurrence_info_id,"
                + " last_updated_stamp, last_updated_tx_stamp, created_stamp, created_tx_stamp)"
                + " SELECT ?, job_id, coalesce(parent_job_id, job_id), 'SERVICE_PENDING', ?,"
                + " 0, job_name, priority, pool_id, service_name, loader_name, max_retry,"
                + " auth_user_login_id, run_as_user, runtime_data_id, max_recurrence_count,"
                + " " + recurrence + ", now(), now(), now(), now() FROM job_sandbox WHERE job_id = ?",
                id, runTime, job.id);
    }

    private boolean change(Job job, String assignments, String condition) throws SQLException {
        return database.inTransaction(transaction -> transaction.update(
                "UPDATE job_sandbox SET " + assignments + ", last_updated_stamp = now()"
                        + " WHERE job_id = ? AND run_by_instance_id = ? AND " + condition,
                job.id, instanceId) == 1);
    }
}
