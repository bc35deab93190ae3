"""A whole node stands still with everything in it, wakes up, and shows no visitor an old row.

PID 1, keeper and a real JVM (the reference node) on a real PostgreSQL and a real broker with TLS. A
container's freezer stops and wakes all processes at once; here they wake one by one, the JVM first.
"""

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from node.errors import FENCED
from node.life.sweep import Swept, sweep
from node.membership import LEASE_S
from tests.node.documents import APP_PASSWORD, document
from tests.node.node_site import NodeSite, RunningNode
from tests.support.activemq import ActiveMqBroker
from tests.support.java_artifacts import reference_node_home
from tests.support.longest_seen import LongestSeen
from tests.support.postgres import PostgresServer
from tests.support.server_process import free_port, wait_until

VISITORS = 8
ROW = "/reference/rows/price"


@pytest.fixture
def site(tmp_path: Path, postgres: PostgresServer) -> Iterator[NodeSite]:
    with ActiveMqBroker(tls=True, users={"scipio": "broker-password-Jt5"}) as broker:
        plain = document(
            database_port=postgres.port,
            database_name="frozen",
            app_user="frozen_app",
            http_port=free_port(),
            health_port=free_port(),
            broker_port=broker.port,
            broker_tls=True,
        )
        messaging = plain.messaging.model_copy(update={"ca_certificate": broker.ca_certificate})
        made = NodeSite(
            tmp_path,
            postgres,
            plain.model_copy(update={"messaging": messaging}),
            tree=reference_node_home(),
            jar="reference-node.jar",
            messaging_password="broker-password-Jt5",
        )
        made.link()
        yield made
        made.remove()


class Visitors:
    """Each asks for the row again and again, and keeps what it was told and when."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._over = threading.Event()
        self.answers: list[tuple[float, float, str]] = []
        """When it was asked, when answered, and what."""
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(VISITORS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def after(self, moment: float, *, asked_after: float = 0) -> Counter[str]:
        """Answers since `moment`, of requests that were sent after `asked_after` alone."""
        return Counter(
            answer for asked, at, answer in self.answers if at >= moment and asked >= asked_after
        )

    def _ask_on(self) -> None:
        while not self._over.is_set():
            asked = time.monotonic()
            answer = row(self._port)
            self.answers.append((asked, time.monotonic(), answer))
            time.sleep(0.02)


def row(port: int, method: str = "GET", body: str | None = None) -> str:
    """The row's value, or the status of a refusal, or how the connection ended."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    try:
        connection.request(method, ROW, body)
        answer = connection.getresponse()
        text = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    if answer.status != 200:
        return str(answer.status)
    return "old" if '"value":"old"' in text else "new" if '"value":"new"' in text else text


def change_past_the_node(database: psycopg.Connection[tuple[object, ...]]) -> None:
    """As another node does whose message never comes."""
    changed = database.execute("UPDATE reference_row SET row_value = 'new'")
    assert changed.rowcount == 1


def freeze(node: RunningNode) -> list[int]:
    stopped = node.processes()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    return stopped


def wake(stopped: list[int]) -> float:
    """The JVM first, PID 1 last. Returns the moment before."""
    moment = time.monotonic()
    for pid in reversed(stopped):
        os.kill(pid, signal.SIGCONT)
    return moment


@pytest.mark.parametrize("given_up", [False, True])
def test_visitors_of_a_node_that_wakes_up_see_no_old_row(
    site: NodeSite, postgres: PostgresServer, given_up: bool, longest_seen: LongestSeen
) -> None:
    """Their requests lie in its sockets meanwhile; none of them is answered from its cache.

    A thread that had passed the gate when the node froze ends its request, so requests that were
    sent before are not held to this.
    """
    port = site.document.node.http_port
    with site.start() as node, ExitStack() as ending:
        node.wait_until_ready(within_s=90)
        database = ending.enter_context(_as_the_application(site, postgres))
        assert row(port, "PUT", "old") == "old"
        assert row(port) == "old"
        visitors = Visitors(port)
        try:
            wait_until("visited", lambda: len(visitors.answers) > VISITORS, within_s=30)
            stopped = freeze(node)
            frozen = time.monotonic()
            change_past_the_node(database)
            time.sleep(LEASE_S + 2)
            if given_up:
                _give_up(database)
            woken = wake(stopped)
            if given_up:
                assert node.process.wait_for_exit(within_s=15) == FENCED
            else:
                wait_until("new rows", lambda: "new" in visitors.after(woken), within_s=15)
                longest_seen("a node stands still: serves after it woke", time.monotonic() - woken)
        finally:
            visitors.stop()
    seen = visitors.after(woken)
    print(f"Answers after the node woke up: {dict(seen)}")
    assert visitors.after(woken, asked_after=frozen)["old"] == 0
    assert seen["new"] == 0 if given_up else seen["new"] > 0


def _as_the_application(
    site: NodeSite, postgres: PostgresServer
) -> psycopg.Connection[tuple[object, ...]]:
    wanted = site.document.database
    dsn = postgres.dsn(wanted.name, user=wanted.app_user, password=APP_PASSWORD)
    return psycopg.connect(dsn, autocommit=True)


def _give_up(database: psycopg.Connection[tuple[object, ...]]) -> None:
    """As another node after 45 s: by then the server has ended the frozen keeper's session."""
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'keeper of app-1'"
    )
    wait_until(
        "it is swept",
        lambda: isinstance(sweep(database, "app-1", dead_after_s=LEASE_S), Swept),
        within_s=30,
    )
