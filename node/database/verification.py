"""Whether a load did what it should, asked of the database: the loader's exit code says nothing."""

from psycopg import sql

from node.database.connection import Connection

EXPECTED_TABLES = ("job_sandbox", "service_semaphore", "job_manager_lock", "sequence_value_item")
"""Tables without which a node does not run: framework/service/entitydef/entitymodel.xml,
framework/entity/entitydef/entitymodel.xml."""
FILLED_TABLES = ("user_login",)
"""Tables that the seed data fill in any case."""


def faults_of_schema(connection: Connection) -> list[str]:
    """Which tables are missing, in words; empty when the schema was made."""
    return [f"table {table} is missing" for table in _missing(connection)]


def faults_after_load(connection: Connection) -> list[str]:
    """What is missing, in words; empty when the load was good."""
    missing = _missing(connection)
    filled = (table for table in FILLED_TABLES if table not in missing)
    return faults_of_schema(connection) + [
        f"table {table} is empty" for table in filled if not has_rows(connection, table)
    ]


def administrator_hash(connection: Connection, user: str) -> str | None:
    """The stored password hash of the log-in `user`; None when it has none, or is not there."""
    found = connection.execute(
        "SELECT current_password FROM user_login WHERE user_login_id = %s", [user]
    ).fetchone()
    return None if found is None or found[0] is None else str(found[0])


def table_exists(connection: Connection, table: str) -> bool:
    """Whether the schema `public` has it."""
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
    return found == (True,)


def has_rows(connection: Connection, table: str) -> bool:
    """Whether this table of the schema `public` has any."""
    query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier("public", table))
    return connection.execute(query).fetchone() is not None


def _missing(connection: Connection) -> list[str]:
    return [
        table for table in (*EXPECTED_TABLES, *FILLED_TABLES) if not table_exists(connection, table)
    ]
