"""A node is killed while the loader adds what a release brings to a database in use."""

import signal

import pytest

from tests.node.database_site import Site

KEYS = "SELECT conname FROM pg_constraint WHERE conrelid = 'new_table'::regclass"


@pytest.fixture
def site(prepared_site: Site) -> Site:
    """A database of release 1.0; the loader of 2.0 was killed when it had made a table, and before
    it made that table's foreign key."""
    prepared_site.release = "2.0"
    prepared_site.behave("has a new table and waits before its key")
    node = prepared_site.start("app-2")
    prepared_site.wait_until_it_waits()
    node.end(signal.SIGKILL)
    (prepared_site.folder / "waits").unlink()
    assert prepared_site.rows(KEYS) == []
    prepared_site.behave("has a new table")
    return prepared_site


@pytest.mark.parametrize("release", ["2.0", "3.0"])
def test_the_next_attempt_makes_the_table_again_with_its_keys(site: Site, release: str) -> None:
    """The loader gives keys to tables that it has just made, and to no other."""
    site.release = release
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert site.rows(KEYS) == [("new_key",)]


def test_a_table_that_was_filled_meanwhile_stays_and_is_named(site: Site) -> None:
    site.rows("INSERT INTO new_table VALUES ('admin') RETURNING user_login_id")
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert "Foreign keys may be missing: new_table" in said
    assert site.rows("SELECT user_login_id FROM new_table") == [("admin",)]


def test_an_empty_table_of_another_role_stays(site: Site) -> None:
    """The loader owns what it makes; what an administrator keeps beside it is not dropped."""
    with site.postgres.connect(site.name) as administrator:
        administrator.execute("CREATE TABLE kept_by_hand (id text)")
    code, said = site.prepare("app-3")
    assert code == 0, said
    assert site.rows("SELECT to_regclass('kept_by_hand') IS NOT NULL") == [(True,)]


def test_tables_of_a_finished_schema_are_whole_though_the_data_load_is_killed(site: Site) -> None:
    site.data_version = 2
    site.behave("has a new table, waits at the end")
    node = site.start("app-3")
    site.wait_until_it_waits()
    node.end(signal.SIGKILL)
    made = site.rows("SELECT 'new_table'::regclass::oid")
    site.behave("has a new table")
    code, said = site.prepare("app-4")
    assert code == 0, said
    assert "Foreign keys may be missing" not in said
    assert site.rows("SELECT 'new_table'::regclass::oid") == made
