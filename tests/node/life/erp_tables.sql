-- The ERP's tables that a node's life touches, with all their columns, in the types of PostgreSQL:
-- framework/service/entitydef/entitymodel.xml:29-88, 128-133, 187-220, fieldtypepostgres.xml.
-- Foreign keys are left out: the tables they point to are.
CREATE TABLE job_sandbox (
    job_id varchar(255) NOT NULL,
    job_name varchar(255),
    run_time timestamptz,
    priority numeric(20, 0),
    pool_id varchar(255),
    status_id varchar(255),
    parent_job_id varchar(255),
    previous_job_id varchar(255),
    service_name varchar(255),
    loader_name varchar(255),
    max_retry numeric(20, 0),
    current_retry_count numeric(20, 0),
    auth_user_login_id varchar(255),
    run_as_user varchar(255),
    runtime_data_id varchar(255),
    recurrence_info_id varchar(255),
    temp_expr_id varchar(255),
    current_recurrence_count numeric(20, 0),
    max_recurrence_count numeric(20, 0),
    run_by_instance_id varchar(255),
    start_date_time timestamptz,
    finish_date_time timestamptz,
    cancel_date_time timestamptz,
    job_result varchar(255),
    event_id varchar(255),
    last_updated_stamp timestamptz,
    last_updated_tx_stamp timestamptz,
    created_stamp timestamptz,
    created_tx_stamp timestamptz,
    CONSTRAINT pk_job_sandbox PRIMARY KEY (job_id)
);
CREATE INDEX job_sndbx_runstat ON job_sandbox (run_by_instance_id, status_id);
CREATE TABLE job_manager_lock (
    instance_id varchar(255) NOT NULL,
    from_date timestamptz NOT NULL,
    thru_date timestamptz,
    reason_enum_id varchar(255),
    comments varchar(255),
    created_date timestamptz,
    created_by_user_login varchar(255),
    last_modified_date timestamptz,
    last_modified_by_user_login varchar(255),
    last_updated_stamp timestamptz,
    last_updated_tx_stamp timestamptz,
    created_stamp timestamptz,
    created_tx_stamp timestamptz,
    CONSTRAINT pk_job_manager_lock PRIMARY KEY (instance_id, from_date)
);
CREATE TABLE service_semaphore (
    service_name varchar(255) NOT NULL,
    locked_by_instance_id varchar(255),
    lock_thread varchar(255),
    lock_time timestamptz,
    last_updated_stamp timestamptz,
    last_updated_tx_stamp timestamptz,
    created_stamp timestamptz,
    created_tx_stamp timestamptz,
    CONSTRAINT pk_service_semaphore PRIMARY KEY (service_name)
);
CREATE TABLE runtime_data (
    runtime_data_id varchar(255) NOT NULL,
    runtime_info text,
    last_updated_stamp timestamptz,
    last_updated_tx_stamp timestamptz,
    created_stamp timestamptz,
    created_tx_stamp timestamptz,
    CONSTRAINT pk_runtime_data PRIMARY KEY (runtime_data_id)
);
