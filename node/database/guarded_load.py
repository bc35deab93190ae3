"""What keeps a running cluster safe while data is loaded into its database.

A load writes jobs that are due since years, and the administrator's public password
(PasswordSecurityData.xml, AdminUserLoginData.xml), while nodes look for jobs and visitors log in.

One row switches it all. The trigger that reads the row stays for good, so that no load changes a
table that every request reads.
"""

from psycopg import sql

from node.database.connection import Connection
from node.database.table_changes import change_tables
from node.log import Log

EVERY_NODE = "_NA_"
"""A row of job_manager_lock under this name keeps all nodes from jobs (JobManager.isAvailable)."""
COMMENT = "scipio-cluster: data is being loaded"
LOG_INS = "user_login"
KEEPER = sql.Identifier("public", "scipio_cluster_password_guard")
TRIGGER = "scipio_cluster_password_guard"
OLD_NAME = "scipio_cluster_keep_password"
"""Of the trigger of an older agent, made for one load; left behind where that load was killed."""

_MAKE_KEEPER = sql.SQL("""
CREATE OR REPLACE FUNCTION {keeper}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT 1 FROM public.job_manager_lock
         WHERE instance_id = {every_node} AND comments = {comment}
           AND created_by_user_login = NEW.user_login_id
    ) THEN
        NEW.current_password := CASE WHEN TG_OP = 'UPDATE' THEN OLD.current_password END;
    END IF;
    RETURN NEW;
END
$body$
""").format(keeper=KEEPER, every_node=sql.Literal(EVERY_NODE), comment=sql.Literal(COMMENT))
_MAKE_TRIGGER = sql.SQL(
    "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON public.{} FOR EACH ROW EXECUTE FUNCTION {}()"
).format(sql.Identifier(TRIGGER), sql.Identifier(LOG_INS), KEEPER)
_HAS_TRIGGER = """
SELECT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = to_regclass(%s))
"""


def make_password_guard(connection: Connection, log: Log | None = None) -> None:
    """The trigger is there, and does nothing until `guard`; an older agent's is gone.

    Raises DatabaseUnavailableError when others keep `user_login` from being changed.
    """
    has_old = _has_trigger(connection, OLD_NAME)
    if has_old or not _has_trigger(connection, TRIGGER):
        change_tables(
            connection, lambda: _make_trigger(connection, has_old), tables=[LOG_INS], log=log
        )


def guard(connection: Connection, administrator: str, log: Log | None = None) -> None:
    """No node begins a job, and nothing changes the administrator's password: one that is missing
    stays so, also in a row that the load makes, since the load's own is public.

    Both last until `lift_guard`, also when this node dies: only the next attempt can say which of
    the rows that it finds are meant to run.
    """
    make_password_guard(connection, log)
    with connection.transaction():
        lift_guard(connection)
        connection.execute(
            # A day back, because the ERP compares `from_date` with its own clock.
            "INSERT INTO job_manager_lock (instance_id, from_date, comments, created_by_user_login)"
            " VALUES (%s, clock_timestamp() - interval '1 day', %s, %s)",
            [EVERY_NODE, COMMENT, administrator],
        )


def let_password_be_set(connection: Connection) -> None:
    """The administrator's password can be changed; jobs still wait. For the end of a load alone."""
    connection.execute(
        "UPDATE job_manager_lock SET created_by_user_login = NULL"
        " WHERE instance_id = %s AND comments = %s",
        [EVERY_NODE, COMMENT],
    )


def lift_guard(connection: Connection) -> None:
    """Jobs run and passwords can be changed again; a second time does nothing."""
    connection.execute(
        "DELETE FROM job_manager_lock WHERE instance_id = %s AND comments = %s",
        [EVERY_NODE, COMMENT],
    )


def _has_trigger(connection: Connection, name: str) -> bool:
    found = connection.execute(_HAS_TRIGGER, [name, f"public.{LOG_INS}"]).fetchone()
    return found == (True,)


def _make_trigger(connection: Connection, has_old: bool) -> None:
    if has_old:
        connection.execute(
            sql.SQL("DROP FUNCTION public.{} CASCADE").format(sql.Identifier(OLD_NAME))
        )
    connection.execute(_MAKE_KEEPER)
    if not _has_trigger(connection, TRIGGER):
        connection.execute(_MAKE_TRIGGER)
