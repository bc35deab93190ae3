"""The application's role and its database: made by the administrator, owned by the application."""

from collections.abc import Callable

from psycopg import sql

from node.database.connection import Connection, Refusal, RefusedError
from node.log import Log


def ensure_role(
    admin: Connection, user: str, password: str, *, log_in: Callable[[], None], log: Log
) -> None:
    """The role `user` exists and its password is `password`.

    `log_in` tries the password of a role that exists, and raises RefusedError. The server never
    sees the password itself, only its SCRAM verifier: nothing to find in a statement log.
    """
    verb = None
    if not _role_exists(admin, user):
        verb = "CREATE"
    elif not _accepts(log_in):
        verb = "ALTER"
    if verb is not None:
        verifier = admin.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256")
        admin.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(user), sql.Literal(verifier.decode())
            )
        )
        log.info(f"{'Made' if verb == 'CREATE' else 'Set the password of'} the role {user!r}.")
    _become_member(admin, user)


def ensure_database(admin: Connection, name: str, owner: str, *, log: Log) -> None:
    """The database `name` exists in UTF8, belongs to `owner`, and no other role may connect."""
    found = admin.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if found is None:
        # template0: whatever stands in the server's own template is not meant for the ERP.
        _on_database(
            admin, "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", name, owner
        )
        log.info(f"Made the database {name!r}.")
    elif found[0] != owner:
        _on_database(admin, "ALTER DATABASE {} OWNER TO {}", name, owner)
    _on_database(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)


def database_exists(admin: Connection, name: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _on_database(admin: Connection, statement: str, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _role_exists(admin: Connection, user: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user])
    return found.fetchone() is not None


def _accepts(log_in: Callable[[], None]) -> bool:
    try:
        log_in()
    except RefusedError as error:
        # Any other refusal is not about the password and comes up again with a better message.
        return error.refusal is not Refusal.PASSWORD
    return True


def _become_member(admin: Connection, user: str) -> None:
    """Only a superuser may act for a role that it is no member of; RDS's administrator is none."""
    superuser = admin.execute(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if superuser != (True,):
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(user)))
