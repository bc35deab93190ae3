"""The sign of a node's agent, as a real HAProxy understands it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.balancer_sign import BalancerSign, Sign
from tests.support.server_process import wait_until
from tests.templates.balanced import Balanced


@pytest.fixture
def balanced(tmp_path: Path) -> Iterator[Balanced]:
    running = Balanced(tmp_path)
    try:
        running.wait_until_all_up()
        yield running
    finally:
        running.stop()


@pytest.fixture
def sign(balanced: Balanced) -> BalancerSign:
    """Node `one` gets an agent; `two` never has any."""
    shown = BalancerSign(lasts_s=3600)
    shown.show(Sign.UP)
    shown.listen(balanced.sign_ports["one"])
    wait_until("HAProxy has heard the agent", lambda: agent_of(balanced) == "L7OK", within_s=20)
    return shown


def row(balanced: Balanced, name: str = "one") -> dict[str, str]:
    return next(row for row in balanced.statistics() if row["svname"] == name)


def agent_of(balanced: Balanced) -> str:
    return row(balanced).get("agent_status", "")


def wait_for_weight(balanced: Balanced, weight: str) -> None:
    """A node that drains is up, with weight 0."""
    wait_until(
        f"node one is up with weight {weight}",
        lambda: (row(balanced)["status"], row(balanced)["weight"]) == ("UP", weight),
        within_s=20,
    )


def test_nodes_without_an_agent_are_used(balanced: Balanced) -> None:
    """An older image has none: nobody listens on the port."""
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"one", "two"}


def test_a_draining_node_keeps_its_visitors_and_gets_no_others(
    balanced: Balanced, sign: BalancerSign
) -> None:
    mine = next(a for a in (balanced.get("/admin/x") for _ in range(6)) if a.node == "one")
    assert mine.cookie is not None

    sign.show(Sign.DRAIN)
    wait_for_weight(balanced, "0")

    assert {balanced.get("/admin/x").node for _ in range(6)} == {"two"}
    assert balanced.get("/admin/x", {"Cookie": mine.cookie}).node == "one"


def test_a_node_that_parts_loses_its_visitors_without_an_error(
    balanced: Balanced, sign: BalancerSign
) -> None:
    """Its JVM still answers, and the health check says so."""
    mine = next(a for a in (balanced.get("/admin/x") for _ in range(6)) if a.node == "one")
    assert mine.cookie is not None

    sign.show(Sign.DOWN)
    wait_until("node one is down", lambda: row(balanced)["status"].startswith("DOWN"), within_s=20)

    moved = balanced.get("/admin/x", {"Cookie": mine.cookie})
    assert (moved.status, moved.node) == (200, "two")


def test_the_next_run_of_a_node_takes_back_what_the_last_one_said(
    balanced: Balanced, sign: BalancerSign
) -> None:
    """A node that is ready again gets its full share again."""
    for before in (Sign.DRAIN, Sign.DOWN):
        sign.show(before)
        wait_until(
            "it is heard",
            lambda: (row(balanced)["status"], row(balanced)["weight"]) != ("UP", "1"),
            within_s=20,
        )
        sign.show(Sign.UP)
        wait_for_weight(balanced, "1")
    assert {balanced.get("/admin/x").node for _ in range(6)} == {"one", "two"}


def test_one_who_connects_and_never_reads_holds_nobody_up() -> None:
    """The line is in the kernel's hands at once."""
    shown = BalancerSign(lasts_s=3600)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    shown.listen(port)
    silent = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(5)]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as reader:
        assert reader.makefile().read() == "down\n"
    for connection in silent:
        connection.close()


def test_what_a_node_refuses_is_asked_of_another_unless_it_may_change_something(
    balanced: Balanced,
) -> None:
    """In the second that the sign takes to be heard; its own visitors too."""
    mine = next(a for a in (balanced.get("/admin/x") for _ in range(6)) if a.node == "one")
    assert mine.cookie is not None
    one = next(node for node in balanced.nodes if node.name == "one")
    one.refuses = True

    answers = [balanced.get("/admin/x", {"Cookie": mine.cookie}) for _ in range(4)]

    assert [(answer.status, answer.node) for answer in answers] == [(200, "two")] * 4
    assert set(one.refused) == {"GET"}
    one.refused.clear()
    order = balanced.get("/admin/x", {"Cookie": mine.cookie}, method="POST")
    assert (order.status, one.refused) == (503, ["POST"])
