"""The table of heartbeats: made by the preparation, written and not shaped by the application."""

from contextlib import closing

import psycopg
import pytest

from node.life.nodes_table import ensure_nodes_table, nodes_table_usable
from node.life.registration import register
from tests.node.database_site import Site
from tests.node.life.shared_database import SharedDatabase


@pytest.mark.parametrize(
    "statement",
    [
        b"ALTER TABLE scipio_cluster_node ADD COLUMN more text",
        b"TRUNCATE scipio_cluster_node",
    ],
)
def test_the_application_may_not_change_its_shape(shared: SharedDatabase, statement: bytes) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        shared.eye.execute(statement)
    assert nodes_table_usable(shared.eye)


def test_a_prepared_database_has_it(database_site: Site) -> None:
    code, said = database_site.prepare()
    assert code == 0, said
    with closing(database_site.log_in()) as application:
        application.autocommit = True
        register(application, "app-1", "host")
    assert database_site.rows("SELECT instance_id, state FROM scipio_cluster_node") == [
        ("app-1", "starting")
    ]


def test_a_database_of_an_older_agent_gets_it_without_a_load(database_site: Site) -> None:
    database_site.prepare()
    with database_site.postgres.connect(database_site.name) as administrator:
        administrator.execute("DROP TABLE scipio_cluster_node")
    code, said = database_site.prepare("app-2")
    assert code == 0, said
    assert database_site.rows("SELECT count(*) FROM scipio_cluster_node") == [(0,)]
    assert database_site.seed_loads == 1


def test_the_table_of_an_agent_that_knew_no_roles_learns_them(database_site: Site) -> None:
    """Its nodes run on meanwhile: what they enter has none, and they are app nodes."""
    database_site.prepare()
    with database_site.postgres.connect(database_site.name) as administrator:
        administrator.execute("ALTER TABLE scipio_cluster_node DROP COLUMN role")
        administrator.execute(
            "INSERT INTO scipio_cluster_node (instance_id, incarnation, host, state)"
            " VALUES ('old', 'first', 'host', 'alive')"
        )
    code, said = database_site.prepare("app-2")
    assert code == 0, said
    assert database_site.rows("SELECT instance_id, role FROM scipio_cluster_node") == [
        ("old", "app")
    ]


def test_a_whole_table_is_not_changed_while_a_backup_reads_it(shared: SharedDatabase) -> None:
    """Heartbeats that queue behind a change of 45 s are those of dead nodes."""
    backup = shared.connect("pg_dump")
    backup.execute("BEGIN")
    backup.execute("SELECT count(*) FROM scipio_cluster_node")
    with shared.postgres.connect(shared.name) as administrator:
        administrator.execute("SET statement_timeout = '2s'")
        ensure_nodes_table(administrator, shared.eye.info.user)
    backup.execute("COMMIT")
