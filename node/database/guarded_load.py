"""What keeps a running cluster safe while data is loaded into its database.

A load writes jobs that are due since years, and the administrator's public password
(PasswordSecurityData.xml, AdminUserLoginData.xml), while nodes look for jobs and visitors log in.
"""

from psycopg import sql

from node.database.connection import Connection

EVERY_NODE = "_NA_"
"""A row of job_manager_lock under this name keeps all nodes from jobs (JobManager.isAvailable)."""
COMMENT = "scipio-cluster: data is being loaded"
KEEPER = sql.Identifier("public", "scipio_cluster_keep_password")
TRIGGER = sql.Identifier("scipio_cluster_keep_password")
LOG_INS = sql.Identifier("public", "user_login")


def guard(connection: Connection, administrator: str) -> None:
    """No node begins a job, and nothing changes the administrator's password: one that is missing
    stays so, also in a row that the load makes, since the load's own is public.

    Both last until `lift_guard`, also when this node dies: only the next attempt can tell which of
    the rows that it finds are meant to run.
    """
    with connection.transaction():
        _drop(connection)
        connection.execute(
            "INSERT INTO job_manager_lock (instance_id, from_date, comments)"
            " VALUES (%s, now(), %s)",
            [EVERY_NODE, COMMENT],
        )
        connection.execute(
            sql.SQL(
                "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN NEW.current_password :="
                " CASE WHEN TG_OP = ''UPDATE'' THEN OLD.current_password END; RETURN NEW; END'"
            ).format(KEEPER)
        )
        connection.execute(
            sql.SQL(
                "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW"
                " WHEN (NEW.user_login_id = {}) EXECUTE FUNCTION {}()"
            ).format(TRIGGER, LOG_INS, sql.Literal(administrator), KEEPER)
        )


def let_password_be_set(connection: Connection) -> None:
    """The administrator's password can be changed; jobs still wait. For the end of a load alone."""
    with connection.transaction():
        _drop_keeper(connection)


def lift_guard(connection: Connection) -> None:
    """Jobs run and passwords can be changed again; a second time does nothing."""
    with connection.transaction():
        _drop(connection)


def _drop(connection: Connection) -> None:
    connection.execute(
        "DELETE FROM job_manager_lock WHERE instance_id = %s AND comments = %s",
        [EVERY_NODE, COMMENT],
    )
    _drop_keeper(connection)


def _drop_keeper(connection: Connection) -> None:
    connection.execute(sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(TRIGGER, LOG_INS))
    connection.execute(sql.SQL("DROP FUNCTION IF EXISTS {}()").format(KEEPER))
