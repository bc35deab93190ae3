"""The host of the database vanishes without a word, and another one answers under its name.

Connections that were open get no answer and no reset. The product's kernel settings end them; a
statement that takes long on a link that lives goes on.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from contract.tcp_limits import SILENT_PEER_S, SYSCTLS
from templates.overlay.files import SEED_SYSTEM_PROPERTIES
from tests.support.certificates import ServerCertificate, make_server_certificate
from tests.support.cut_link import cut_connections, cut_link
from tests.support.longest_seen import LongestSeen
from tests.support.own_network import own_network
from tests.support.postgres import PostgresServer
from tests.support.postgres_tls import KEY_STORE_PASSWORD, tls_on
from tests.support.reference_node import ReferenceNode
from tests.support.rendered_overlay import document_of, put_overlay
from tests.support.server_process import ServerProcess, wait_until
from tests.support.servers import TestDatabase

WARM = 6
"""Idle connections in the pool when the host vanishes."""
BORROWERS = 8
PROMISED_S = 60
LONG_STATEMENT_S = 75
"""Longer than any limit of a connection whose peer says nothing."""


@dataclass(frozen=True)
class Scene:
    """A server with TLS and a node with the product's overlay, both in a network of their own."""

    postgres: PostgresServer
    node: ReferenceNode

    def ask(self, query: str, *, limit_s: float) -> httpx.Response:
        url = f"http://127.0.0.1:{self.node.port}/reference/nested?{query}"
        return httpx.get(url, timeout=limit_s)


@contextmanager
def scene(folder: Path, sysctls: Mapping[str, str]) -> Iterator[Scene]:
    """Seeded over TLS, verified in full, and not started yet."""
    certificate: ServerCertificate = make_server_certificate(KEY_STORE_PASSWORD)
    with ExitStack() as stack:
        stack.enter_context(own_network(sysctls))
        postgres = stack.enter_context(PostgresServer())
        stack.enter_context(tls_on(postgres, certificate))
        database = TestDatabase(postgres.host, postgres.port, "vanishes", "vanishes_app", "pw-Zq7")
        postgres.create_database(database.name, owner=database.user, password=database.password)
        node = ReferenceNode(folder, "node-a", database, None)
        stack.callback(node.__exit__, None, None, None)
        document = document_of(node, database, authority=certificate.authority_pem)
        put_overlay(node, document, database_password=database.password)
        yield Scene(postgres, node)


def seed(node: ReferenceNode) -> None:
    done = node.run(
        "load-data",
        "readers=seed",
        "delegator=cluster-schema",
        system_properties=node.home / SEED_SYSTEM_PROPERTIES.path,
    )
    assert done.returncode == 0, done.stdout


def warm(made: Scene) -> None:
    """Each request holds two connections; together they leave the pool with many idle ones."""
    together(made, "connections=2&hold=700", WARM // 2, limit_s=20)


def together(
    made: Scene, query: str, number: int, *, limit_s: float
) -> list[tuple[float, int | None]]:
    """So many requests at once: how long each took, and its status, None without an answer."""
    answers: list[tuple[float, int | None]] = []

    def one() -> None:
        asked = time.monotonic()
        try:
            status: int | None = made.ask(query, limit_s=limit_s).status_code
        except httpx.TimeoutException:
            status = None
        answers.append((time.monotonic() - asked, status))

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers, key=lambda answer: answer[0])


def test_requests_come_back_within_a_minute_after_the_host_vanished(
    tmp_path: Path, longest_seen: LongestSeen
) -> None:
    """Warm pool, link cut, and a statement under way; nobody waits for the kernel's hours."""
    with scene(tmp_path, SYSCTLS) as made:
        seed(made.node)
        made.node.start()
        warm(made)
        under_way: list[tuple[float, int | None]] = []
        long_one = threading.Thread(
            target=lambda: under_way.extend(
                together(made, f"statement={LONG_STATEMENT_S * 1000}", 1, limit_s=PROMISED_S)
            )
        )
        long_one.start()
        time.sleep(1)
        with cut_connections(made.postgres.port) as cut:
            assert cut >= WARM
            answers = together(made, "connections=2", BORROWERS, limit_s=PROMISED_S)
            again = together(made, "connections=2", BORROWERS, limit_s=PROMISED_S)
            long_one.join()
        print(f"{cut} connections cut; answers of the first {BORROWERS} requests after it:")
        print("  " + ", ".join(f"{took:.1f} s ({status})" for took, status in answers))
        print(f"a statement under way failed after {under_way[0][0]:.1f} s")
        longest_seen("the database's host vanishes, TLS: a request", answers[-1][0])
        longest_seen("the database's host vanishes, TLS: a statement under way", under_way[0][0])
        assert all(status is not None for _, status in answers)
        assert answers[-1][0] < SILENT_PEER_S + 5
        assert [status for _, status in again] == [200] * BORROWERS
        assert again[-1][0] < 5
        assert under_way[0][1] == 503
        assert under_way[0][0] < SILENT_PEER_S + 5


def test_without_the_kernel_settings_the_same_requests_hang(tmp_path: Path) -> None:
    """So that the test above can fail: the kernel gives up after a quarter of an hour."""
    with scene(tmp_path, {}) as made:
        seed(made.node)
        made.node.start()
        warm(made)
        with cut_connections(made.postgres.port):
            answers = together(made, "connections=2", BORROWERS, limit_s=SILENT_PEER_S + 15)
        hanging = [status for _, status in answers].count(None)
        print(f"{hanging} of {BORROWERS} requests hang after {SILENT_PEER_S + 15} s")
        assert hanging > 0


def test_a_host_that_is_away_for_a_while_is_used_again(
    tmp_path: Path, longest_seen: LongestSeen
) -> None:
    """Nobody answers under the name for 20 s: neither old connections nor new ones."""
    with scene(tmp_path, SYSCTLS) as made:
        seed(made.node)
        made.node.start()
        warm(made)
        with cut_link(made.postgres.port):
            vanished = time.monotonic()
            while time.monotonic() < vanished + 20:
                together(made, "connections=2", 2, limit_s=5)
        took_s = wait_until(
            "requests are served again",
            lambda: (
                [status for _, status in together(made, "connections=2", 4, limit_s=60)]
                == [200] * 4
            ),
            within_s=PROMISED_S,
        )
        longest_seen("the database's host is away for 20 s, TLS: after its return", took_s)


def test_a_statement_that_takes_long_goes_on_while_its_link_lives(tmp_path: Path) -> None:
    """The server's kernel answers for it, however long it works."""
    with scene(tmp_path, SYSCTLS) as made:
        seed(made.node)
        made.node.start()
        answer = made.ask(f"statement={LONG_STATEMENT_S * 1000}", limit_s=LONG_STATEMENT_S + 30)
        assert answer.status_code == 200, answer.text


def test_the_loader_gives_up_too(tmp_path: Path, longest_seen: LongestSeen) -> None:
    """It runs in the same container, so the same settings hold; the node then prepares again."""
    with scene(tmp_path, SYSCTLS) as made:
        loader = ServerProcess(
            "loader",
            [
                "java",
                f"-Dofbiz.system.props={made.node.home / SEED_SYSTEM_PROPERTIES.path}",
                "-jar",
                "reference-node.jar",
                "load-data",
                "readers=seed",
                "delegator=cluster-schema",
            ],
            log=tmp_path / "loader.log",
            folder=made.node.home,
        )
        loader.wait_until_usable(
            lambda: "Created table" in (tmp_path / "loader.log").read_text(), within_s=30
        )
        with cut_connections(made.postgres.port) as cut:
            started = time.monotonic()
            loader.wait_for_exit(within_s=PROMISED_S)
            took_s = time.monotonic() - started
        longest_seen("the database's host vanishes, TLS: a load gives up", took_s)
        assert cut >= 1
        assert took_s < SILENT_PEER_S + 10
