"""A cluster's database with the ERP's own tables, and rows as nodes leave them there."""

from contextlib import closing
from pathlib import Path

from psycopg import sql
from psycopg.rows import dict_row

from node.database.connection import Connection, LogIn
from node.life.job_fence import ensure_job_fence
from node.life.nodes_table import ensure_nodes_table
from node.log import Log, Redaction
from node.standard_output import StandardOutput
from tests.support.postgres import PostgresServer
from tests.support.servers import TestDatabase

ERP_TABLES = Path(__file__).with_name("erp_tables.sql")
LIMIT_S = 4.0
"""Of these tests: long enough for a loaded machine, short enough to wait for."""

LOG = Log(StandardOutput(), instance_id="a test", as_json=False, redact=Redaction())

Row = tuple[object, ...]


class SharedDatabase:
    """Every connection is made as the application's role, as all nodes do."""

    def __init__(self, postgres: PostgresServer, database: TestDatabase) -> None:
        self.postgres = postgres
        self._database = database
        self._connections: list[Connection] = []
        with postgres.connect(database.name) as administrator:
            ensure_nodes_table(administrator, database.user)
        with closing(self.connect("ERP")) as application:
            application.execute(ERP_TABLES.read_bytes())
            found = application.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            self._tables = [str(row[0]) for row in found.fetchall()]
        with postgres.connect(database.name) as administrator:
            ensure_job_fence(administrator, LOG)
        self.eye = self.connect("a test")
        """For a test's own questions."""

    @property
    def name(self) -> str:
        return self._database.name

    def log_in(self, application: str) -> LogIn:
        return LogIn(
            host=self._database.host,
            port=self._database.port,
            name=self._database.name,
            user=self._database.user,
            password=self._database.password,
            tls="disable",
            authority=None,
            application=application,
        )

    def connect(self, application: str) -> Connection:
        """Open until the test's end, or until it closes it."""
        made = self.log_in(application).connect()
        self._connections.append(made)
        return made

    def close(self) -> None:
        """Also connections that a restart of the server has broken."""
        while self._connections:
            self._connections.pop().close()

    def empty(self) -> None:
        """No row in any table; a connection for the next test."""
        self.reconnect()
        for table in self._tables:
            self.eye.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    def reconnect(self) -> None:
        """As after a restart of the server."""
        self.eye = self.connect("a test")

    def rows(self, query: str, *parameters: object) -> list[Row]:
        return self.eye.execute(query.encode(), parameters or None).fetchall()

    def node(
        self, instance_id: str, *, silent_s: float = 0, state: str = "alive", role: str = "app"
    ) -> None:
        """A heartbeat row, last written `silent_s` ago."""
        self.eye.execute(
            "INSERT INTO scipio_cluster_node (instance_id, incarnation, host, role, state, seen_at)"
            " VALUES (%s, %s, 'host', %s, %s, clock_timestamp() - make_interval(secs => %s))",
            (instance_id, f"first {instance_id}", role, state, silent_s),
        )

    def state(self, instance_id: str) -> str | None:
        """Of the heartbeat row; None without one."""
        found = self.rows(
            "SELECT state FROM scipio_cluster_node WHERE instance_id = %s", instance_id
        )
        return str(found[0][0]) if found else None

    def job(self, job_id: str, status: str | None, *, of: str | None, **columns: object) -> None:
        """A row of job_sandbox; an hour overdue unless `run_time` says otherwise."""
        values = {"job_id": job_id, "status_id": status, "run_by_instance_id": of, **columns}
        self.eye.execute(
            sql.SQL("INSERT INTO job_sandbox ({}) VALUES ({})").format(
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(sql.Placeholder() * len(values)),
            ),
            tuple(values.values()),
        )
        if "run_time" not in columns:
            self.eye.execute(
                "UPDATE job_sandbox SET run_time = now() - interval '1 hour' WHERE job_id = %s",
                (job_id,),
            )
        if status == "SERVICE_RUNNING" and "start_date_time" not in columns:
            self.eye.execute(
                "UPDATE job_sandbox SET start_date_time = now() WHERE job_id = %s", (job_id,)
            )

    def job_row(self, job_id: str) -> dict[str, object]:
        """All columns of one job."""
        cursor = self.eye.cursor(row_factory=dict_row)
        found = cursor.execute("SELECT * FROM job_sandbox WHERE job_id = %s", (job_id,)).fetchone()
        assert found is not None, job_id
        return found

    def owner(self, job_id: str) -> object:
        return self.job_row(job_id)["run_by_instance_id"]

    def semaphore(self, service: str, *, of: str) -> None:
        self.eye.execute(
            "INSERT INTO service_semaphore (service_name, locked_by_instance_id, lock_time)"
            " VALUES (%s, %s, now())",
            (service, of),
        )

    def semaphores(self) -> list[Row]:
        return self.rows("SELECT service_name FROM service_semaphore ORDER BY 1")

    def job_locks(self) -> list[Row]:
        """Ids that take no jobs, by the ERP's own condition (JobManager.java:186-201)."""
        return self.rows(
            "SELECT instance_id FROM job_manager_lock WHERE from_date <= now()"
            " AND (thru_date IS NULL OR thru_date > now()) ORDER BY 1"
        )
