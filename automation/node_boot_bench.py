"""How long the ERP's node takes to serve, and how much memory, with one measure more or less.

A node of its own joins a running cluster, boots once for each measure and goes again; no balancer
knows it. Rounds go through all measures in turn, so that a busy minute of the machine spoils none
of them alone.
"""

import io
import os
import re
import shlex
import statistics
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from automation.console import say
from automation.errors import CommandFailedError
from automation.figures_page import PAGE, measured, write_figures
from automation.paths import ROOT
from contract.stack_outputs import StackOutputs

INSTANCE_ID = "boot-bench"
BOOT_LIMIT_S = 900.0
STOP_LIMIT_S = 180
LOOK_S = 0.5
ARCHIVE = "/tmp/node.jsa"  # noqa: S108  in a container of our own
JAVA = "/usr/bin/java"
SHADOW = "usr/local/bin/java"
"""Found before the real one on the image's path."""

JVM = "dirname $(grep -lx java /proc/[0-9]*/comm)"
"""Says the JVM's folder below /proc, in the node's shell."""

STARTED, ANSWERS, SERVES = "The JVM runs;", "The JVM answers", "The node serves"
"""How the agent's sentences of these moments begin (node/decide.py)."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is changed of the JVM's start. `drop` are patterns of the shell, `role` the node's."""

    what: str
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    role: str = "app"
    uses_archive: bool = False


@dataclass(frozen=True, kw_only=True)
class Boot:
    """One boot. Times in seconds from the JVM's start; memory once the node serves."""

    answers_s: float
    serves_s: float
    cpu_s: float
    resident_mib: float


@dataclass(frozen=True)
class Bench:
    """The engine, and the node that the measured one is like."""

    engine: docker.DockerClient
    like: Container
    archive: bytes | None = field(default=None, repr=False)


AS_IT_IS = Measure(what="as the node starts")
MEASURES = (
    AS_IT_IS,
    Measure(
        what="G1 in place of the serial collector",
        drop=("-XX:+UseSerialGC",),
        add=("-XX:+UseG1GC",),
    ),
    Measure(what="metaspace from 256 MiB", add=("-XX:MetaspaceSize=256m",)),
    Measure(what="heap from 512 MiB", drop=("-Xms*",), add=("-Xms512m",)),
    Measure(what="the quick compiler alone", add=("-XX:TieredStopAtLevel=1",)),
    Measure(what="an archive of classes", uses_archive=True),
    Measure(
        what="an archive of classes, the quick compiler alone",
        add=("-XX:TieredStopAtLevel=1",),
        uses_archive=True,
    ),
    Measure(what="Xerces looks for its parser", drop=("-Dorg.apache.xerces.*",)),
    Measure(what="two arenas of the C library", environment=("MALLOC_ARENA_MAX=2",)),
    Measure(what="with Solr, as the search node", role="search"),
)


def run(
    engine: docker.DockerClient,
    outputs: StackOutputs,
    rounds: int,
    measures: Sequence[Measure] = MEASURES,
) -> None:
    """Measure every measure `rounds` times beside the running cluster, and write the page.

    Raises CommandFailedError when the cluster runs no ERP or a node does not serve in time.
    """
    if outputs.implementation != "scipio":
        raise CommandFailedError(
            "the cluster runs the reference node, whose boot says nothing of the ERP's; name "
            "`scipio:app.image` in the stack file and bring the stack up first"
        )
    load = os.getloadavg()[0]
    bench = Bench(engine, engine.containers.get(str(outputs.nodes[0].container)))
    if any(measure.uses_archive for measure in measures):
        bench = replace(bench, archive=_archive(bench))
    boots: dict[Measure, list[Boot]] = {measure: [] for measure in measures}
    for number in range(1, rounds + 1):
        for measure in measures:
            say(f"Round {number} of {rounds}: {measure.what} …")
            boots[measure].append(_boot(bench, measure))
    write_figures(PAGE, "node boot", table(boots, load=load))
    say(f"Wrote {len(measures)} rows to {PAGE.relative_to(ROOT)}")


def table(boots: dict[Measure, list[Boot]], *, load: float) -> str:
    """Medians, each against the first measure's; `load` is the machine's average before."""
    rounds = len(next(iter(boots.values())))
    rows = [
        f"{measured(load)}; medians of {rounds}.",
        "",
        "| measure | answers after | serves after | processor time | resident |",
        "|---|---|---|---|---|",
    ]
    middle = {measure: _median(of) for measure, of in boots.items()}
    first = next(iter(middle.values()))
    for measure, boot in middle.items():
        rows.append(
            f"| {measure.what} | {_cell(boot.answers_s, first.answers_s, 's')} "
            f"| {_cell(boot.serves_s, first.serves_s, 's')} "
            f"| {_cell(boot.cpu_s, first.cpu_s, 's')} "
            f"| {boot.resident_mib:.0f} MiB, {boot.resident_mib / first.resident_mib:.2f}× |"
        )
    return "\n".join(rows)


def _median(boots: Sequence[Boot]) -> Boot:
    return Boot(
        answers_s=statistics.median(boot.answers_s for boot in boots),
        serves_s=statistics.median(boot.serves_s for boot in boots),
        cpu_s=statistics.median(boot.cpu_s for boot in boots),
        resident_mib=statistics.median(boot.resident_mib for boot in boots),
    )


def _cell(value: float, first: float, unit: str) -> str:
    return f"{value:.1f} {unit}, {value / first:.2f}×"


def shadow(measure: Measure, *extra: str) -> str:
    """A program in the place of `java`, which starts the real one as the measure wants it."""
    kept = "".join(f"    {pattern}) ;;\n" for pattern in measure.drop)
    added = shlex.join((*measure.add, *extra))
    return (
        "#!/bin/sh\n"
        "for word; do\n"
        "  shift\n"
        '  case "$word" in\n'
        f"{kept}"
        '    *) set -- "$@" "$word" ;;\n'
        "  esac\n"
        "done\n"
        f'exec {JAVA} {added} "$@"\n'
    )


def moments(log: str) -> dict[str, float]:
    """Beginning of an agent's sentence → its first moment, from lines with the engine's times."""
    found: dict[str, float] = {}
    for line in log.splitlines():
        at, _, said = line.partition(" ")
        for sentence in (STARTED, ANSWERS, SERVES):
            if f"] {sentence}" in said:
                found.setdefault(sentence, _seconds(at))
    return found


def _seconds(at: str) -> float:
    whole, _, fraction = at.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}+00:00").timestamp() + float(f"0.{fraction or 0}")


def _archive(bench: Bench) -> bytes:
    """Classes that a whole boot loads, as the JVM writes them at its end; a tar.

    The JVM is ordered to end by itself: the agent's limit would cut its writing off.
    """
    say("Making the archive of classes …")
    with _node(bench, AS_IT_IS, f"-XX:ArchiveClassesAtExit={ARCHIVE}") as node:
        _until_it_serves(node)
        node.exec_run(["sh", "-c", f"kill -TERM $(basename $({JVM}))"])
        node.wait(timeout=STOP_LIMIT_S)
        try:
            chunks, _ = node.get_archive(ARCHIVE)
        except NotFound:
            raise CommandFailedError(
                f"the JVM ended without writing {ARCHIVE}; its last lines:\n{_last_lines(node)}"
            ) from None
        return b"".join(chunks)


def _boot(bench: Bench, measure: Measure) -> Boot:
    extra = (f"-XX:SharedArchiveFile={ARCHIVE}",) if measure.uses_archive else ()
    with _node(bench, measure, *extra) as node:
        at = _until_it_serves(node)
        boot = Boot(
            answers_s=at[ANSWERS] - at[STARTED] if ANSWERS in at else at[SERVES] - at[STARTED],
            serves_s=at[SERVES] - at[STARTED],
            cpu_s=_processor_seconds(node),
            resident_mib=_resident_mib(node),
        )
        node.stop(timeout=STOP_LIMIT_S)
    say(
        f"  answers {boot.answers_s:.1f} s, serves {boot.serves_s:.1f} s, processor "
        f"{boot.cpu_s:.1f} s, {boot.resident_mib:.0f} MiB",
        "dim",
    )
    return boot


@contextmanager
def _node(bench: Bench, measure: Measure, *extra: str) -> Iterator[Container]:
    """A started node like the cluster's, gone afterwards."""
    like = bench.like.attrs
    host = like["HostConfig"]
    node = bench.engine.containers.create(
        like["Image"],
        environment=[
            f"SCIPIO_INSTANCE_ID={INSTANCE_ID}",
            f"SCIPIO_ROLE={measure.role}",
            *measure.environment,
        ],
        hostname=f"node-{INSTANCE_ID}",
        # Taken away with the cluster should this run be killed.
        labels=like["Config"]["Labels"],
        mem_limit=host["Memory"],
        memswap_limit=host["MemorySwap"],
        network=host["NetworkMode"],
        tmpfs=host["Tmpfs"],
        volumes=host["Binds"],
    )
    try:
        chunks, _ = bench.like.get_archive("/etc/scipio")
        node.put_archive("/etc", b"".join(chunks))
        node.put_archive("/", _tar(SHADOW, shadow(measure, *extra).encode()))
        if measure.uses_archive and bench.archive is not None:
            node.put_archive("/tmp", bench.archive)  # noqa: S108  in a container of our own
        node.start()
        yield node
    finally:
        node.remove(force=True, v=True)


def _tar(path: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode = len(content), 0o755
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _until_it_serves(node: Container) -> dict[str, float]:
    deadline = time.monotonic() + BOOT_LIMIT_S
    while True:
        log = node.logs(timestamps=True).decode(errors="replace")
        at = moments(log)
        if SERVES in at:
            return at
        node.reload()
        if node.status != "running" or time.monotonic() > deadline:
            raise CommandFailedError(
                f"the measured node is {node.status} and does not serve; the last lines of its "
                f"log:\n{_last_lines(node)}"
            )
        time.sleep(LOOK_S)


def _last_lines(node: Container) -> str:
    lines = node.logs(tail=10).decode(errors="replace").splitlines()
    return "\n".join(f"  {line[:200]}" for line in lines)


def _processor_seconds(node: Container) -> float:
    """Of the JVM since its start; both kinds of time of proc(5), in hundredths of a second."""
    stat = _of_the_jvm(node, "stat")
    after_name = stat.rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / 100


def _resident_mib(node: Container) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", _of_the_jvm(node, "status"))
    return int(found[1]) / 1024 if found else 0.0


def _of_the_jvm(node: Container, file: str) -> str:
    output = node.exec_run(["sh", "-c", f"cat $({JVM})/{file}"]).output
    assert isinstance(output, bytes)
    return output.decode()
