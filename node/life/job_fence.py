"""Keeps a node that was declared dead from storing rows of jobs: a trigger of `job_sandbox`.

The ERP writes whole rows by primary key alone (GenericDAO.java, update), so a node that stood still
and wakes up would take back what runs elsewhere by now, and mark it failed. Nothing that the node
itself looks at can be in time; the database refuses the row.
"""

from psycopg import sql

from node.database.connection import Connection
from node.database.table_changes import change_tables
from node.errors import DatabaseUnavailableError
from node.life.node_state import NodeState
from node.life.nodes_table import TABLE
from node.log import Log

JOBS = "job_sandbox"
NAME = "scipio_cluster_job_fence"
HAND_BACK = "scipio_cluster.hand_back"
"""A setting of the transaction that hands back: `on`."""
INCARNATION = "scipio_cluster.incarnation"
"""A setting of a JVM's session: which run of its node it belongs to."""
PATIENCE_S = 60.0
"""A start waits no longer: an unfenced node is better than none, and the next start tries again."""

_BODY = f"""
DECLARE
    hands_over boolean := TG_OP = 'INSERT' AND NEW.previous_job_id IS NOT NULL;
    takes boolean := NEW.run_by_instance_id IS NOT NULL;
    run text := nullif(current_setting('{INCARNATION}', true), '');
    node record;
BEGIN
    -- What has ended belongs to the node that purges it, and every session may change it.
    IF TG_OP = 'UPDATE' AND NEW.run_by_instance_id IS NOT DISTINCT FROM OLD.run_by_instance_id
       AND (OLD.finish_date_time IS NOT NULL OR OLD.cancel_date_time IS NOT NULL) THEN
        takes := false;
    END IF;
    IF NOT (takes OR hands_over)
       OR current_setting('{HAND_BACK}', true) = 'on'
       OR to_regclass('public.{TABLE}') IS NULL THEN
        RETURN NEW;
    END IF;
    -- The JVM's sessions are called by the node's instance id.
    FOR node IN SELECT instance_id, incarnation, state FROM public.{TABLE}
                 WHERE instance_id IN (current_setting('application_name'),
                                       CASE WHEN takes THEN NEW.run_by_instance_id END) LOOP
        IF node.state = '{NodeState.DEAD.value}' THEN
            RAISE EXCEPTION 'scipio-cluster: node "%" is declared dead, job "%" is not its own',
                node.instance_id, NEW.job_id
                USING HINT = 'Its jobs run on other nodes; it ends and starts anew by itself.';
        END IF;
        IF node.instance_id = current_setting('application_name') AND run <> node.incarnation THEN
            RAISE EXCEPTION 'scipio-cluster: another run of node "%" has its jobs, "%" among them',
                node.instance_id, NEW.job_id
                USING HINT = 'This run of the node ends by itself.';
        END IF;
    END LOOP;
    RETURN NEW;
END"""  # noqa: S608 - our own constants

_STANDS = """
SELECT EXISTS (
       SELECT 1 FROM pg_trigger AS fence JOIN pg_proc AS code ON code.oid = fence.tgfoid
        WHERE fence.tgrelid = to_regclass(%(jobs)s) AND fence.tgname = %(name)s
          AND fence.tgenabled <> 'D' AND code.prosrc = %(body)s)
    OR to_regclass(%(jobs)s) IS NULL
"""


def job_fence_stands(connection: Connection) -> bool:
    """Whether the fence of this agent is there, for whatever database role asks."""
    found = connection.execute(
        _STANDS, {"jobs": f"public.{JOBS}", "name": NAME, "body": _BODY}
    ).fetchone()
    return found == (True,)


def ensure_job_fence(connection: Connection, log: Log, *, patience_s: float = PATIENCE_S) -> None:
    """The fence stands. Made by the administrator, under the preparation's lock, after a load.

    Nothing is done where it stands already. Where others use the table all the time it is said and
    left to the next start.
    """
    if job_fence_stands(connection):
        return
    try:
        change_tables(
            connection, lambda: _make(connection), tables=[JOBS], log=log, patience_s=patience_s
        )
    except DatabaseUnavailableError as error:
        log.warning(f"Jobs are not fenced yet, the next start of a node tries again: {error}")


def let_hand_back(connection: Connection) -> None:
    """Until this transaction ends, rows of jobs may be stored for whom it hands back."""
    connection.execute("SELECT set_config(%s, 'on', true)", (HAND_BACK,))


def _make(connection: Connection) -> None:
    """As its owner, so that a role which may write jobs need not read the table of heartbeats."""
    function, table = sql.Identifier("public", NAME), sql.Identifier("public", JOBS)
    connection.execute(
        sql.SQL(
            "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            " SET search_path = pg_catalog AS {}"
        ).format(function, sql.Literal(_BODY))
    )
    there = connection.execute(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgname = %s"
        " AND tgenabled <> 'D'",
        (f"public.{JOBS}", NAME),
    ).fetchone()
    if there is None:
        connection.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW"
                " EXECUTE FUNCTION {}()"
            ).format(sql.Identifier(NAME), table, function)
        )
