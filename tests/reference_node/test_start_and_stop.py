"""How a node begins and ends."""

import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.postgres import PostgresServer
from tests.support.reference_nodes import MakeNode
from tests.support.server_process import wait_until
from tests.support.servers import TestDatabase

CANNOT_START = 99
SIGTERM_EXIT = 143


def test_sigterm_ends_a_node_with_143_and_it_starts_again(make_node: MakeNode) -> None:
    """The exit code of a JVM that obeyed."""
    node = make_node()
    node.start()
    assert node.stop() == SIGTERM_EXIT
    assert "Stopped." in node.log.read_text()
    node.start()
    assert node.is_healthy()


@pytest.mark.usefixtures("seeded")
def test_a_request_in_flight_is_answered_before_the_end(
    make_node: MakeNode, postgres: PostgresServer, database: TestDatabase
) -> None:
    """New requests are turned away, the one that waits for a row lock still commits."""
    node = make_node()
    node.start()
    row = "/reference/rows/slow"
    node.http.put(row, content="old")
    assert node.process is not None
    with ThreadPoolExecutor() as pool, postgres.connect(database.name) as sql:
        with sql.transaction():
            sql.execute("select * from reference_row for update")
            writing = pool.submit(node.http.put, row, content="new")
            wait_until(
                "the write waits for the lock", lambda: _waits_for_lock(postgres), within_s=10
            )
            node.process.send(signal.SIGTERM)
            wait_until(
                "the node turns requests away",
                lambda: httpx.get(f"{node.http.base_url}/images/busy.gif").status_code == 503,
                within_s=2,
            )
        assert writing.result().json()["value"] == "new"
        assert sql.execute("select row_value from reference_row").fetchall() == [("new",)]
    assert node.process.wait_for_exit(within_s=10) == SIGTERM_EXIT
    node.process = None


@pytest.mark.usefixtures("seeded")
def test_a_request_that_never_ends_does_not_keep_the_node_alive(
    make_node: MakeNode, postgres: PostgresServer, database: TestDatabase
) -> None:
    """After two seconds the node goes."""
    node = make_node()
    node.start()
    node.http.put("/reference/rows/slow", content="old")
    with ThreadPoolExecutor() as pool, postgres.connect(database.name) as sql:
        with sql.transaction():
            sql.execute("select * from reference_row for update")
            writing = pool.submit(node.http.put, "/reference/rows/slow", content="new")
            wait_until(
                "the write waits for the lock", lambda: _waits_for_lock(postgres), within_s=10
            )
            assert node.stop() == SIGTERM_EXIT
        with pytest.raises(httpx.TransportError):
            writing.result()
        assert sql.execute("select row_value from reference_row").fetchall() == [("old",)]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("entityengine.xml", "<entity-config>", "entityengine.xml: cannot be read as XML"),
        ("entityengine.xml", "<entity-config/>", 'no <delegator name="default">'),
        ("passwords.properties", "", "no value for jdbc-password.postgres-app"),
        ("serviceengine.xml", "<service-config/>", '<service-engine name="default">'),
        (
            "cache.properties",
            "entitycache.entity.${delegator-name}.${entity-name}.expireTime=soon\n",
            "got soon; must be milliseconds",
        ),
    ],
)
def test_a_bad_overlay_ends_with_99_and_one_sentence(
    make_node: MakeNode, file: str, text: str, said: str
) -> None:
    """The message names the file and what it needs; no stack trace."""
    node = make_node()
    node.write(file, text)
    process = node.launch()
    assert process.wait_for_exit(within_s=20) == CANNOT_START
    assert said in process.log_text()
    assert "\tat " not in process.log_text()


def test_a_taken_port_ends_with_99(make_node: MakeNode) -> None:
    """The message names connector and port."""
    node = make_node()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.port))
        taken.listen()
        process = node.launch()
        assert process.wait_for_exit(within_s=20) == CANNOT_START
    assert f"http-connector, port {node.port}" in process.log_text()


def test_a_node_without_a_database_answers_its_health_path(
    make_node: MakeNode, postgres: PostgresServer
) -> None:
    """Health says that the node serves, not that the database does."""
    node = make_node()
    postgres.stop()
    try:
        node.start()
        assert node.http.get("/reference/rows/k").status_code == 503
    finally:
        postgres.start()


@pytest.mark.usefixtures("seeded")
def test_secrets_are_in_no_log(make_node: MakeNode, database: TestDatabase) -> None:
    """Neither a good start nor a refused log-in prints the password."""
    node = make_node()
    node.write("passwords.properties", "jdbc-password.postgres-app=wrong-secret\n")
    node.start()
    failed = node.http.get("/reference/rows/k")
    assert failed.status_code == 503
    assert "wrong-secret" not in failed.text + node.log.read_text()
    assert database.password not in node.log.read_text()


def _waits_for_lock(postgres: PostgresServer) -> bool:
    with postgres.connect() as watching:
        waiting = watching.execute(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
            " and query like 'INSERT INTO reference_row%'"
        ).fetchone()
    return waiting is not None and waiting[0] > 0
