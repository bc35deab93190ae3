"""The database is prepared exactly once, whatever happens: against a real PostgreSQL."""

import base64
import hashlib
import signal

import psycopg
import pytest
from psycopg import sql

from node.database.marker import TABLE
from tests.node.database_site import Site
from tests.node.documents import (
    ADMINISTRATOR_PASSWORD,
    APP_PASSWORD,
    MESSAGING_PASSWORD,
)
from tests.support.postgres import PostgresServer
from tests.support.server_process import free_port, wait_until


@pytest.fixture
def site(database_site: Site) -> Site:
    return database_site


def test_an_empty_server_gets_role_database_data_and_administrator(site: Site) -> None:
    """After one preparation the application's role can log in to a database that it owns."""
    code, said = site.prepare()

    assert code == 0, said
    with site.log_in() as connection:
        found = connection.execute("SELECT count(*) FROM user_login").fetchone()
        assert found == (1,)
    assert site.attempts() == [("app-1", "finished")]
    assert site.rows(
        "SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba) = datname || '_app'"
        " FROM pg_database WHERE datname = current_database()"
    ) == [("UTF8", True)]


def test_the_role_may_do_nothing_on_the_server_but_log_in(site: Site) -> None:
    """Least rights: neither superuser nor maker of roles or databases."""
    site.prepare()
    assert site.rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_database() || '_app'"
    ) == [(False, False, False, False, False)]


def test_nobody_else_may_connect(site: Site, postgres: PostgresServer) -> None:
    """The right to connect, which PostgreSQL gives to everybody, is taken back."""
    site.prepare()
    role = sql.Identifier(f"{site.name}_stranger")
    with postgres.connect() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'strange'").format(role))
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(postgres.dsn(site.name, user=f"{site.name}_stranger", password="strange"))


def test_the_administrators_seeded_password_is_replaced(site: Site) -> None:
    """The stored hash is PBKDF2-SHA512 of the secret's value, computed here a second time."""
    site.prepare()
    [(stored,)] = site.rows("SELECT current_password FROM user_login WHERE user_login_id = 'admin'")
    kind, salt, key = str(stored).split("$")
    assert kind == "{PBKDF2-SHA512}100000"
    again = hashlib.pbkdf2_hmac(
        "sha512", ADMINISTRATOR_PASSWORD.encode(), base64.b64decode(salt), 100_000, dklen=32
    )
    assert base64.b64decode(key) == again
    assert not list(site.folder.glob("loaded-*.xml"))


def test_a_second_preparation_loads_nothing(site: Site) -> None:
    """A prepared database is left alone; a repeated seed would reset passwords and jobs."""
    site.prepare("app-1")
    code, said = site.prepare("app-2")
    assert code == 0
    assert site.seed_loads == 1
    assert "is prepared" in said


def test_a_prepared_database_needs_no_administrator(site: Site) -> None:
    """Later boots do not use the administrator's password at all."""
    site.prepare("app-1")
    site.admin_password = "not the password"
    assert site.prepare("app-2")[0] == 0


def test_five_nodes_at_once_load_once(site: Site) -> None:
    """All five come out prepared, one of them did the work."""
    nodes = [site.start(f"app-{number}") for number in range(1, 6)]
    codes = [node.wait_for_exit(within_s=60) for node in nodes]
    assert codes == [0] * 5, "\n".join(node.log_text() for node in nodes)
    assert site.seed_loads == 1
    assert [state for _, state in site.attempts()] == ["finished"]


def test_a_database_that_was_dropped_is_made_anew(site: Site, postgres: PostgresServer) -> None:
    """Its role is still there and logs in nowhere."""
    site.prepare("app-1")
    postgres.drop_database(site.name)
    assert site.prepare("app-2")[0] == 0
    assert site.attempts() == [("app-2", "finished")]


def test_who_waits_says_for_whom(site: Site) -> None:
    """The log names the node that holds the lock."""
    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    second = site.start("app-2")
    second.wait_until_usable(
        lambda: "node app-1 (connected since" in second.log_text(), within_s=20
    )
    (site.folder / "go on").touch()
    site.behave("good")
    # Half-way there were two tables of five: the first node must not call that a success.
    assert first.wait_for_exit(within_s=30) == 69
    assert second.wait_for_exit(within_s=30) == 0


def test_a_node_killed_half_way_is_finished_by_the_next(site: Site) -> None:
    """kill -9 leaves two tables and a marker; the next node clears them and loads anew."""
    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    first.end(signal.SIGKILL)

    site.behave("good")
    code, said = site.prepare("app-2")
    assert code == 0, said
    assert "starting over (2 tables dropped)" in said
    assert site.attempts() == [("app-1", "loading"), ("app-2", "finished")]
    with site.log_in() as connection:
        assert connection.execute("SELECT count(*) FROM user_login").fetchone() == (1,)
    site.admin_password = "not needed any more"
    assert site.prepare("app-3")[0] == 0


def test_the_loader_of_a_killed_node_dies_with_it(site: Site) -> None:
    """Otherwise it would write on into what the next node loads."""
    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    loaders = _sessions(site)
    assert len(loaders) == 1
    first.end(signal.SIGKILL)
    wait_until("loader gone", lambda: not _sessions(site), within_s=10)


def test_sigterm_half_way_ends_loader_and_node(site: Site) -> None:
    """A stop order while loading is obeyed at once and leaves nothing marked as finished."""

    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    first.end(signal.SIGTERM)
    wait_until("loader gone", lambda: not _sessions(site), within_s=10)
    assert site.attempts() == [("app-1", "loading")]


@pytest.mark.parametrize(
    ("behaviour", "evidence"),
    [
        ("no tables", "table job_sandbox is missing"),
        ("no rows", "table user_login is empty"),
        ("says an error", "a row could not be stored"),
        ("logs an error", "something about a foreign key"),
        ("exit code 99", "exit code is 99"),
        ("ignores files", "the password of the log-in 'admin' is not set"),
    ],
)
def test_a_load_that_failed_is_not_taken_for_a_success(
    site: Site, behaviour: str, evidence: str
) -> None:
    """The loader ends with 0 on failure: the database and its words are believed instead."""
    site.behave(behaviour)
    code, said = site.prepare("app-1")
    assert code == 69
    assert evidence in said
    assert "Traceback" not in said
    assert site.attempts() == [("app-1", "loading")]

    site.behave("good")
    assert site.prepare("app-2")[0] == 0
    assert site.attempts()[-1] == ("app-2", "finished")


def test_a_lost_lock_ends_the_preparation(site: Site, postgres: PostgresServer) -> None:
    """Without the lock another node may be loading: this one stops its loader and fails."""
    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    with postgres.connect() as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = 'postgres' AND application_name = 'node app-1'"
        ).fetchall()
    assert ended == [(True,)]
    assert first.wait_for_exit(within_s=30) == 69
    assert "preparation lock was lost" in first.log_text()
    wait_until("loader gone", lambda: not _sessions(site), within_s=10)
    assert site.attempts() == [("app-1", "loading")]


def test_a_superseded_attempt_cannot_finish(site: Site, postgres: PostgresServer) -> None:
    """Even a node that did not notice the loss of its lock cannot mark the work of another."""
    site.behave("waits at the end")
    first = site.start("app-1")
    site.wait_until_it_waits()
    with postgres.connect(site.name) as connection:
        connection.execute(
            sql.SQL(
                "INSERT INTO {} (state, data_version, document_version, readers, instance_id)"
                " VALUES ('loading', 1, 1, 'seed', 'app-2')"
            ).format(sql.Identifier(TABLE))
        )
    site.behave("good")
    (site.folder / "go on").touch()
    assert first.wait_for_exit(within_s=30) == 69
    assert "another node has begun" in first.log_text()
    assert ("app-1", "finished") not in site.attempts()


def test_the_databases_restart_half_way_is_one_clear_failure(
    site: Site, postgres: PostgresServer
) -> None:
    """The node fails without a traceback; the next one starts over."""
    site.behave("waits half-way")
    first = site.start("app-1")
    site.wait_until_it_waits()
    postgres.kill()
    postgres.start()
    assert first.wait_for_exit(within_s=30) == 69
    assert "Traceback" not in first.log_text()
    site.behave("good")
    assert site.prepare("app-2")[0] == 0


def test_a_database_with_somebodys_data_is_refused_untouched(
    site: Site, postgres: PostgresServer
) -> None:
    """Tables without a marker were not made by a node: nothing is loaded, changed or dropped."""
    with postgres.connect() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(site.name)))
    with postgres.connect(site.name) as connection:
        connection.execute("CREATE TABLE precious (n int)")
    code, said = site.prepare()
    assert code == 78
    assert "1 tables (precious, …)" in said
    assert site.seed_loads == 0
    assert site.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [
        ("precious",)
    ]
    assert site.rows("SELECT 1 FROM pg_roles WHERE rolname = current_database() || '_app'") == []


def test_an_empty_database_that_is_there_already_is_taken(
    site: Site, postgres: PostgresServer
) -> None:
    """A managed database service makes the first database itself, owned by its administrator."""
    with postgres.connect() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(site.name)))
    code, said = site.prepare()
    assert code == 0, said
    with site.log_in() as connection:
        assert connection.execute("SELECT count(*) FROM user_login").fetchone() == (1,)


def test_an_administrator_who_is_no_superuser_is_enough(
    site: Site, postgres: PostgresServer
) -> None:
    """Managed services have none: rights to make roles and databases do, also to start over."""
    site.admin_user, site.admin_password = f"{site.name}_admin", "administrative"
    with postgres.connect() as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD 'administrative'").format(
                sql.Identifier(site.admin_user)
            )
        )
    site.behave("no rows")
    assert site.prepare("app-1")[0] == 69
    site.behave("good")
    code, said = site.prepare("app-2")
    assert code == 0, said
    with site.log_in() as connection:
        assert connection.execute("SELECT count(*) FROM user_login").fetchone() == (1,)


def test_a_new_password_in_the_secret_is_taken_over(site: Site) -> None:
    """The role of a prepared database gets the new password; nothing is loaded again."""
    site.prepare("app-1")
    site.app_password = "another-app-password"
    code, said = site.prepare("app-2")
    assert code == 0, said
    site.log_in().close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        site.log_in(APP_PASSWORD)
    assert site.seed_loads == 1


def test_a_wrong_administrators_password_is_said_at_once(site: Site) -> None:
    """The message names user and secret; waiting would not help and is not tried."""
    site.admin_password = "wrong-password-that-must-not-be-seen"
    code, said = site.prepare()
    assert code == 78
    assert "refuses this password (user 'postgres')" in said
    assert "'database-admin'" in said
    assert site.admin_password not in said


def test_an_administrator_without_rights_is_told_which_are_missing(
    site: Site, postgres: PostgresServer
) -> None:
    """The server's words, the user and what it must be allowed."""
    site.admin_user, site.admin_password = f"{site.name}_weak", "weak-password"
    with postgres.connect() as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'weak-password'").format(
                sql.Identifier(site.admin_user)
            )
        )
    code, said = site.prepare()
    assert code == 78
    assert "must be allowed to create roles and databases" in said


def test_a_database_that_refuses_is_waited_for_and_then_named(site: Site) -> None:
    """Host, port, limit and its key are in the message."""
    site.port = free_port()
    site.connect_timeout_s = 1
    code, said = site.prepare()
    assert code == 69
    assert f"Waiting for the database 127.0.0.1:{site.port}" in said
    assert "nothing listens there, not within 1 s (database.connectTimeoutS)" in said


def test_a_database_that_starts_late_is_waited_for(site: Site, postgres: PostgresServer) -> None:
    """A node may be started before its database."""
    postgres.stop()
    try:
        node = site.start("app-1")
        node.wait_until_usable(lambda: "Waiting for the database" in node.log_text(), within_s=20)
    finally:
        postgres.start()
    assert node.wait_for_exit(within_s=40) == 0


def test_no_secret_is_ever_said_or_sent_in_clear(site: Site, postgres: PostgresServer) -> None:
    """Neither the node's output nor the server's statement log holds a value."""
    with postgres.connect() as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
    try:
        site.behave("says the password")
        code, said = site.prepare()
    finally:
        with postgres.connect() as connection:
            connection.execute("ALTER SYSTEM RESET log_statement")
            connection.execute("SELECT pg_reload_conf()")
    assert code == 0
    assert "connected as" in said
    assert "[secret]" in said
    server_log = postgres.log.read_text()
    assert "CREATE ROLE" in server_log
    for value in (APP_PASSWORD, MESSAGING_PASSWORD, ADMINISTRATOR_PASSWORD, site.admin_password):
        assert value not in said
        assert value not in server_log


def _sessions(site: Site) -> list[tuple[object, ...]]:
    """Of the application's role: those of loaders."""
    with site.postgres.connect() as connection:
        return connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = %s", [site.app_user]
        ).fetchall()
