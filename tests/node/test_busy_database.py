"""A new release, or new data, meets a database with long transactions and visitors."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from psycopg import errors, sql

from node.database.connection import Connection
from node.database.schema_load import lock_timeout_message
from tests.node.database_site import Site
from tests.node.visitor import Visitor
from tests.support.postgres import PostgresServer
from tests.support.server_process import wait_until

QUEUES_AT_MOST_S = 1.5
LOG_IN = "SELECT current_password FROM user_login WHERE user_login_id = 'admin'"


@pytest.fixture
def site(prepared_site: Site) -> Site:
    return prepared_site


@contextmanager
def session(site: Site) -> Iterator[Connection]:
    with closing(site.log_in()) as connection:
        connection.autocommit = True
        yield connection


@contextmanager
def long_job(site: Site, statement: str) -> Iterator[Connection]:
    """A transaction that did one thing and works on."""
    with session(site) as connection:
        connection.execute("BEGIN")
        connection.execute(statement.encode())
        yield connection


@contextmanager
def visited(site: Site) -> Iterator[None]:
    """A visitor logs in again and again meanwhile, and never waits."""
    with session(site) as connection, Visitor(connection, LOG_IN) as visitor:
        yield
    assert visitor.longest_s < QUEUES_AT_MOST_S


def prepare_once_it_ends(site: Site, job: Connection) -> None:
    """A node meets the job's lock, and gets on when the job ends."""
    node = site.start("app-2")
    wait_until("it waits for the lock", lambda: "Waiting to change" in node.log_text(), within_s=30)
    job.execute("COMMIT")
    assert node.wait_for_exit(within_s=60) == 0, node.log_text()


def test_a_load_ends_beside_a_long_transaction_and_no_visitor_waits(site: Site) -> None:
    """What switches the guard is a row: the end of a load changes no table."""
    site.data_version = 2
    with long_job(site, "SELECT * FROM user_login"), visited(site):
        code, said = site.prepare("app-2")
    assert code == 0, said
    assert site.seed_loads == 2


def test_the_guard_of_an_older_agents_killed_load_goes_and_no_visitor_waits_for_it(
    site: Site, postgres: PostgresServer
) -> None:
    """That agent made a trigger for each load, and took it away with the same lock."""
    with postgres.connect(site.name) as administrator:
        administrator.execute(
            "DROP FUNCTION scipio_cluster_password_guard CASCADE;"
            "CREATE FUNCTION scipio_cluster_keep_password() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.current_password := OLD.current_password; RETURN NEW; END';"
            "CREATE TRIGGER scipio_cluster_keep_password BEFORE UPDATE ON user_login"
            " FOR EACH ROW EXECUTE FUNCTION scipio_cluster_keep_password()"
        )
    site.data_version = 2
    with long_job(site, "SELECT * FROM user_login") as job, visited(site):
        prepare_once_it_ends(site, job)
    triggers = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'user_login'::regclass"
    assert site.rows(f"{triggers} AND NOT tgisinternal") == [("scipio_cluster_password_guard",)]


def test_a_new_column_waits_for_a_long_transaction_and_no_visitor_waits_for_it(
    site: Site,
) -> None:
    """The ERP's loader logs what it could not change and goes on: the load is repeated."""
    site.release = "2.0"
    site.behave("has a new column")
    with long_job(site, "SELECT * FROM user_login") as job, visited(site):
        prepare_once_it_ends(site, job)
    assert site.rows("SELECT count(new_field) FROM user_login") == [(0,)]
    assert site.attempts()[-1] == ("app-2", "finished")


def test_a_new_table_has_its_foreign_keys_though_the_first_try_met_a_lock(site: Site) -> None:
    """The loader makes keys for tables that it has just made, so such a table is made again."""
    site.release = "2.0"
    site.behave("has a new table")
    write = "UPDATE user_login SET current_password = current_password"
    with long_job(site, write) as job:
        prepare_once_it_ends(site, job)
    keys = "SELECT conname FROM pg_constraint WHERE conrelid = 'new_table'::regclass"
    assert site.rows(keys) == [("new_key",)]


def test_the_message_of_a_lock_time_out_is_the_servers_own(
    site: Site, postgres: PostgresServer
) -> None:
    """Asked of the server itself, in a session of the loader's role."""
    with postgres.connect(site.name) as holder, session(site) as waiter:
        message = lock_timeout_message(holder, waiter)
        waiter.execute("SET lock_timeout = 1")
        with holder.transaction():
            holder.execute("LOCK TABLE user_login")
            with pytest.raises(errors.LockNotAvailable, match=message):
                waiter.execute("SELECT * FROM user_login")


def test_a_backup_that_reads_every_table_holds_no_prepared_node_up(site: Site) -> None:
    """Neither the marker nor the table of heartbeats is changed when it is whole."""
    with session(site) as backup:
        backup.execute("BEGIN")
        for table in ("scipio_cluster_preparation", "user_login", "job_sandbox"):
            backup.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        site.release = "1.1"
        code, said = site.prepare("app-2")
    assert code == 0, said
