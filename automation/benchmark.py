"""Measures the local cluster on this machine and writes the figures to docs/performance.md.

Nothing here judges: a figure stands in the document because a run of `make bench` put it there.
"""

import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from automation import docker_engine
from automation.console import say
from automation.errors import CommandFailedError
from automation.figures_page import PAGE, measured, write_figures
from automation.paths import PYTHON, ROOT
from contract.check_report import CheckReport
from contract.stack_outputs import StackOutputs

STACK = "local"
BOOTS = 3
ROUNDS_OF_WRITES = 3
"""Each round of the cache-clear check is 30 writes."""
NODE_BOOT_LIMIT_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the table."""

    what: str
    value: str
    how: str


def run() -> None:
    """Measure everything once, on a cluster of this run's own, and write the page."""
    load = os.getloadavg()[0]
    figures = list(_figures(docker_engine.client()))
    write_figures(PAGE, "figures", _table(figures, load))
    say(f"Wrote {len(figures)} figures to {PAGE.relative_to(ROOT)}")


def _figures(engine: docker.DockerClient) -> Iterator[Figure]:
    _command("down", "--confirm", STACK)
    _remove_images(engine)
    up = ("up", "--no-check")
    yield _seconds("`make up`, cold", up, "base image and artifacts there, no image built")
    _command("down", "--confirm", STACK)
    yield _seconds("`make up`, warm", up, "images built before, no cluster")
    yield _seconds("`make up`, nothing to change", up, "cluster running, refresh included")
    yield _seconds("plan of the program", ("preview",), "`make preview` of the running cluster")
    outputs = StackOutputs.model_validate_json(_command("outputs").output)
    yield from _boots(engine, outputs)
    yield from _memory(engine, outputs)
    yield from _cache_clear()
    yield _seconds("one node more", (*up, "--set", "nodes.count=3"), "two nodes running")
    yield _seconds("`make down`", ("down", "--confirm", STACK), "three nodes running")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a command of this project."""

    seconds: float
    output: str


def _command(*words: str) -> Run:
    began = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), "-m", "automation", words[0], "--stack", STACK, *words[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        env={**os.environ, "CI": ""},
    )
    if done.returncode != 0:
        raise CommandFailedError(
            f"`{' '.join(words)}` failed while measuring; run it by itself to see why."
        )
    return Run(seconds=time.monotonic() - began, output=done.stdout)


def _seconds(what: str, words: tuple[str, ...], how: str) -> Figure:
    say(f"Measuring {what} …")
    return Figure(what=what, value=f"{_command(*words).seconds:.1f} s", how=how)


def _remove_images(engine: docker.DockerClient) -> None:
    """Our images and the layers that they were built from; the base image stays."""
    for image in engine.images.list(name=f"scipio-{STACK}-*"):
        for tag in image.tags:
            engine.images.remove(tag)
    engine.images.prune(filters={"dangling": True})


def _boots(engine: docker.DockerClient, outputs: StackOutputs) -> Iterator[Figure]:
    say(f"Measuring the boot of a node, {BOOTS} times …")
    node = engine.containers.get(str(outputs.nodes[0].container))
    took = [_boot_seconds(node) for _ in range(BOOTS)]
    yield Figure(
        what="boot of a node",
        value=f"{statistics.median(took):.1f} s (median of {BOOTS})",
        how="restart of its container to `/run/scipio/ready`, reference node, database prepared",
    )


def _boot_seconds(node: Container) -> float:
    node.stop()
    began = time.monotonic()
    node.start()
    _until(lambda: node.exec_run(["test", "-e", "/run/scipio/ready"]).exit_code == 0)
    return time.monotonic() - began


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + NODE_BOOT_LIMIT_S
    while not true():
        if time.monotonic() > deadline:
            raise CommandFailedError(f"the node was not ready within {NODE_BOOT_LIMIT_S:.0f} s")
        time.sleep(0.05)


def _memory(engine: docker.DockerClient, outputs: StackOutputs) -> Iterator[Figure]:
    node = engine.containers.get(str(outputs.nodes[0].container))
    for what, process in (("agent", "python3"), ("JVM of the reference node", "java")):
        yield Figure(
            what=f"memory of the {what}",
            value=f"{_resident_mib(node, process):.0f} MiB resident",
            how="`VmRSS` in the node's container, once it serves",
        )


def _resident_mib(node: Container, process: str) -> float:
    script = f"cat $(grep -lx 'Name:\t{process}' /proc/[0-9]*/status)"
    status = node.exec_run(["bash", "-c", script]).output
    assert isinstance(status, bytes)
    return sum(int(kib) for kib in re.findall(rb"VmRSS:\s+(\d+) kB", status)) / 1024


def _cache_clear() -> Iterator[Figure]:
    say("Measuring cache clears …")
    rounds = [
        CheckReport.model_validate_json(
            _command("check", "--json", "--only", "cache_clear.fresh").output
        )
        for _ in range(ROUNDS_OF_WRITES)
    ]
    figures = [result.figures for report in rounds for result in report.results]
    how = f"{ROUNDS_OF_WRITES} × 30 writes through the balancer, from the write's answer"
    for key, what in (("median_ms", "median"), ("p99_ms", "p99")):
        value = statistics.median(figure[key] for figure in figures)
        yield Figure(what=f"peer fresh, {what}", value=f"{value:.1f} ms", how=how)


def _table(figures: list[Figure], load: float) -> str:
    head = (
        f"{measured(load)}; Docker {_docker_version()}.\n\n| what | figure | how |\n|---|---|---|\n"
    )
    return head + "\n".join(f"| {row.what} | {row.value} | {row.how} |" for row in figures)


def _docker_version() -> str:
    version: str = json.loads(
        subprocess.run(
            ["docker", "version", "--format", "{{json .Server.Version}}"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
    )
    return version
