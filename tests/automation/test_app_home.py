"""`scipio:app.home`: the tree becomes an image, once nothing is left that refuses the run."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from automation import __main__ as commands
from automation import artifacts, base_image, docker_engine, scipio_image
from automation.errors import AnothersClusterError, PortTakenError
from automation.local_stack import Engine, LocalStack
from automation.stack_state import StackState, StateReader
from scipio_tree.errors import TreeError
from scipio_tree.inspection import Inspection
from tests.automation.fake_docker import FakeEngine, cluster_of_state
from tests.scipio_tree.small_tree import small_tree
from tests.scipio_tree.webapps_tree import add_webapps
from tests.support.server_process import free_port

SIZES = ("--set", "nodes.heapMib=1024", "--set", "nodes.memoryMib=2500")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The overrides of every stack that was opened; no engine is asked for anything."""
    found: list[dict[str, Any]] = []

    def built(_engine: object, tree: Inspection, tag: str | None) -> scipio_image.BuiltImage:
        assert tag is None
        name = f"scipio-erp:{tree.release}-0123456789ab"
        return scipio_image.BuiltImage(tag=name, size_bytes=1, seconds=0, tree_was_there=False)

    def previewing(_stack: str, overrides: dict[str, Any]) -> None:
        found.append(overrides)

    monkeypatch.setattr(docker_engine, "ensure", lambda: None)
    monkeypatch.setattr(base_image, "ensure", lambda _engine: None)
    monkeypatch.setattr(artifacts, "ensure_cluster_component", lambda: None)
    monkeypatch.setattr(artifacts, "ensure_database_driver", lambda: None)
    monkeypatch.setattr(artifacts, "ensure_python", lambda _engine: None)
    monkeypatch.setattr(scipio_image, "build", built)
    monkeypatch.setattr(commands, "_preview_on_this_machine", previewing)
    return found


class StackOpenedError(Exception):
    """The run came so far."""


@pytest.fixture
def steps(opened: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `make up` did that takes time or changes something, in order."""
    done: list[str] = []
    build = scipio_image.build

    def building(engine: Any, tree: Inspection, tag: str | None) -> scipio_image.BuiltImage:
        done.append("image")
        return build(engine, tree, tag)

    nowhere: Any = None

    def finding() -> Engine:
        done.append("engine")
        return Engine(cli=nowhere, plugin_folders=())

    def opening(*_: object) -> None:
        raise StackOpenedError

    empty = StackState(place="file:///here", exists=False, mark=None, known=frozenset())
    monkeypatch.setattr(scipio_image, "build", building)
    monkeypatch.setattr(docker_engine, "ensure", FakeEngine)
    monkeypatch.setattr(artifacts, "ensure_java", lambda: None)
    monkeypatch.setattr(Engine, "ensure", finding)
    monkeypatch.setattr(commands, "mend_our_folder", lambda: None)
    monkeypatch.setattr(StateReader, "state", lambda _: empty)
    monkeypatch.setattr(LocalStack, "open", opening)
    return done


def bring_up(*settings: str) -> Any:
    return CliRunner().invoke(commands.app, ["up", *SIZES, *settings])


def preview(*settings: str) -> Any:
    return CliRunner().invoke(commands.app, ["preview", *SIZES, *settings])


def test_the_stack_runs_the_image_of_the_tree(opened: list[dict[str, Any]], tmp_path: Path) -> None:
    """Other overrides of the run stay beside it."""
    home = small_tree(tmp_path / "tree")
    asked = preview("--set", f"app.home={home}")
    assert asked.exception is None, asked.output
    [overrides] = opened
    assert overrides["app"] == {"home": None, "image": "scipio-erp:3.0.1-dev-0123456789ab"}
    assert overrides["nodes"] == {"heapMib": 1024, "memoryMib": 2500}


def test_what_strangers_can_enter_is_said_by_the_stacks_own_rules(
    opened: list[dict[str, Any]], tmp_path: Path
) -> None:
    home = add_webapps(small_tree(tmp_path / "tree"))
    asked = preview("--set", f"app.home={home}", "--set", 'balancer.publicPaths=["/shop"]')
    assert asked.exception is None, asked.output
    assert "of which for everyone: /shop\n" in asked.output
    assert "refused to everyone: /solr, /admin/control/SOAPService, /admin/control/ping" in (
        asked.output
    )
    assert "/own: the tree does not say for whom" in asked.output


def test_a_tree_that_cannot_be_packed_is_refused_before_the_stack_is_opened(
    opened: list[dict[str, Any]], tmp_path: Path
) -> None:
    asked = preview("--set", f"app.home={tmp_path}")
    assert isinstance(asked.exception, TreeError)
    assert opened == []


def test_without_a_tree_nothing_is_built(opened: list[dict[str, Any]]) -> None:
    asked = preview("--set", "app.image=scipio-erp:mine")
    assert asked.exception is None, asked.output
    assert opened[0]["app"] == {"image": "scipio-erp:mine"}


@pytest.fixture
def free_ports() -> tuple[str, ...]:
    """Words that give the balancer ports which are free here."""
    ports = {f"{kind}Port": free_port() for kind in ("https", "http", "statistics")}
    return tuple(
        word for key, port in ports.items() for word in ("--set", f"balancer.{key}={port}")
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_refused_before_anything_is_built(
    steps: list[str], taken_port: int, tmp_path: Path
) -> None:
    """A tree takes minutes to pack, and the Pulumi CLI to build."""
    home = small_tree(tmp_path / "tree")
    port = f"balancer.httpsPort={taken_port}"
    asked = bring_up("--set", f"app.home={home}", "--set", port)
    assert isinstance(asked.exception, PortTakenError)
    assert steps == []


def test_a_tree_that_cannot_be_packed_is_refused_before_the_engine_is_built(
    steps: list[str], free_ports: tuple[str, ...], tmp_path: Path
) -> None:
    asked = bring_up("--set", f"app.home={tmp_path}", *free_ports)
    assert isinstance(asked.exception, TreeError)
    assert steps == []


def test_another_states_cluster_is_refused_before_the_tree_is_packed(
    steps: list[str],
    free_ports: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(docker_engine, "ensure", lambda: cluster_of_state("theirs"))
    home = small_tree(tmp_path / "tree")
    asked = bring_up("--set", f"app.home={home}", *free_ports)
    assert isinstance(asked.exception, AnothersClusterError)
    assert steps == ["engine"]


def test_the_image_is_there_when_the_stack_is_opened(
    steps: list[str], free_ports: tuple[str, ...], tmp_path: Path
) -> None:
    home = small_tree(tmp_path / "tree")
    asked = bring_up("--set", f"app.home={home}", *free_ports)
    assert isinstance(asked.exception, StackOpenedError)
    assert steps == ["engine", "image"]
