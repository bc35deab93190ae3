package referencenode.jobs;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What running a row of job_sandbox needs to know of it. */
final class Job {
    static final String COLUMNS = "job_id, job_name, service_name, temp_expr_id, status_id, event_id";

    final String id;
    final String name;
    final String service;
    final String temporalExpression;
    final String status;
    final String event;

    private Job(ResultSet row) throws SQLException {
        this.id = row.getString("job_id");
        this.name = row.getString("job_name") == null ? "" : row.getString("job_name");
        this.service = row.getString("service_name") == null ? "" : row.getString("service_name");
        this.temporalExpression = row.getString("temp_expr_id");
        this.status = row.getString("status_id");
        this.event = row.getString("event_id");
    }

    static Job of(ResultSet row) throws SQLException {
        return new Job(row);
    }
}
