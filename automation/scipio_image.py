"""The image of a user's own ERP, from a built tree on this machine.

Three builds in a chain, the largest first and the one that changes most last, so that a change of
templates or agent takes seconds: `runtime` (JDK) → tree → component, agent, links. The tree is
packed and sent only when an image of exactly this tree is not there yet.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import BuildError, ImageNotFound
from docker.models.images import Image

from automation import artifacts, tree_adapter
from automation.console import say
from automation.errors import CommandFailedError
from automation.paths import CACHE, ROOT
from scipio_tree.bill_of_materials import bill_of_materials
from scipio_tree.build_context import BuildContext, build_context
from scipio_tree.inspection import Inspection
from scipio_tree.layout import CLUSTER_COMPONENT

REPOSITORY: Final = "scipio-erp"
DOCKERFILES: Final = ROOT / "image" / "scipio"
NODE_DOCKERFILE: Final = ROOT / "image" / "node" / "Dockerfile"
BUILD_TIMEOUT_S: Final = 1800
"""Longest silence of the engine: while it stores the tree's layer it says nothing."""
SHORT_ID_LENGTH: Final = 12
LOG_TAIL: Final = 3000
MIB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class BuiltImage:
    """What a build left in the engine."""

    tag: str
    size_bytes: int
    """All layers, those shared with other images included."""
    seconds: float
    tree_was_there: bool


def build(engine: docker.DockerClient, tree: Inspection, tag: str | None = None) -> BuiltImage:
    """An image of the inspected tree; without `tag` its name says release and content.

    A tag that says the content is what makes a stack notice a rebuilt image. Raises
    CommandFailedError.
    """
    began = time.monotonic()
    _say_what_was_found(tree)
    runtime = _runtime(engine)
    digest = tree.contents.digest()[:SHORT_ID_LENGTH]
    tree_tag = _tree_tag(digest, runtime)
    tree_was_there = _is_there(engine, tree_tag)
    if not tree_was_there:
        _build_tree(engine, tree, runtime, tree_tag)
    release = f"{tree.release}-{digest}"
    image = _build_node(engine, tree, release, agent=_agent(engine), tree_tag=tree_tag)
    full_tag = tag or f"{REPOSITORY}:{tree.release}-{_short(image)}"
    image.tag(full_tag)
    return BuiltImage(
        tag=full_tag,
        size_bytes=int(image.attrs["Size"]),
        seconds=time.monotonic() - began,
        tree_was_there=tree_was_there,
    )


def _say_what_was_found(tree: Inspection) -> None:
    contents = tree.contents
    driver = "with its own PostgreSQL driver" if tree.has_driver else "without PostgreSQL's driver"
    say(f"{tree.home}: {tree.release.name} {tree.release}, for Java {tree.java}, {driver}")
    left = ", ".join(
        f"{reason} ({size / MIB:.1f})" for reason, size in sorted(contents.left_out.items())
    )
    say(f"  {len(contents.files)} files, {contents.size / MIB:.0f} MiB go into the image")
    say(f"  left out, in MiB: {left}", style="dim")
    for remark in tree.remarks:
        say(f"  {remark}", style="yellow")


def _tree_tag(content: str, runtime: Image) -> str:
    """Equal only when tree (`content`), JDK and the tree's Dockerfile are."""
    recipe = artifacts.digest_of([DOCKERFILES / "tree.Dockerfile"])[:SHORT_ID_LENGTH]
    return f"{REPOSITORY}-tree:{content}-{recipe}-{_short(runtime)}"


def _short(image: Image) -> str:
    return str(image.id).removeprefix("sha256:")[:SHORT_ID_LENGTH]


def _is_there(engine: docker.DockerClient, tag: str) -> bool:
    try:
        engine.images.get(tag)
    except ImageNotFound:
        return False
    return True


def _runtime(engine: docker.DockerClient) -> Image:
    """The stage `runtime` copies nothing, so nothing but the Dockerfile is sent."""
    say("Building the node's runtime …")

    def pack(context: BuildContext) -> None:
        context.add_file("Dockerfile", NODE_DOCKERFILE)

    return _built_from(engine, pack, tag=f"{REPOSITORY}-runtime:local", target="runtime")


def _agent(engine: docker.DockerClient) -> Image:
    say("Building the node's agent …")
    return _built(
        engine,
        path=str(ROOT),
        dockerfile=str(NODE_DOCKERFILE),
        target="agent",
        tag=f"{REPOSITORY}-agent:local",
    )


def _build_tree(engine: docker.DockerClient, tree: Inspection, runtime: Image, tag: str) -> None:
    say("Packing the tree and building its layer …")

    def pack(context: BuildContext) -> None:
        context.add_file("Dockerfile", DOCKERFILES / "tree.Dockerfile")
        context.add_tree("scipio", tree.contents)

    _built_from(engine, pack, tag=tag, buildargs={"RUNTIME_IMAGE": str(runtime.id)})


def _build_node(
    engine: docker.DockerClient, tree: Inspection, release: str, *, agent: Image, tree_tag: str
) -> Image:
    """`release` is what the node's preparation compares with the database."""
    say("Building the node's image …")
    component = _component(tree)
    jars = {
        f"hot-deploy/{CLUSTER_COMPONENT}/{path}": file
        for path, file in component.items()
        if path.endswith(".jar")
    }

    def pack(context: BuildContext) -> None:
        context.add_file("Dockerfile", DOCKERFILES / "Dockerfile")
        context.add_bytes(
            "bill-of-materials.json",
            bill_of_materials(tree.release, {**tree.contents.jars(), **jars}),
        )
        context.add_bytes("release", release.encode())
        context.add_bytes("entrances.json", tree.entrances.model_dump_json(indent=1).encode())
        context.add_files(CLUSTER_COMPONENT, component)

    return _built_from(
        engine,
        pack,
        tag=f"{REPOSITORY}:local",
        buildargs={"AGENT_IMAGE": str(agent.id), "TREE_IMAGE": tree_tag},
    )


def _component(tree: Inspection) -> dict[str, Path]:
    """Path in the component → file: the cluster's own, compiled against the tree where it calls
    the ERP, and the driver if the tree lacks it."""
    own = artifacts.CLUSTER_COMPONENT
    files = {
        file.relative_to(own).as_posix(): file for file in sorted(own.rglob("*")) if file.is_file()
    }
    files[tree_adapter.LIBRARY] = tree_adapter.ensure(tree.home)
    if not tree.has_driver:
        files |= {f"lib/{jar.name}": jar for jar in artifacts.DRIVER_JARS.glob("*.jar")}
    return files


def _built_from(
    engine: docker.DockerClient,
    pack: Callable[[BuildContext], None],
    *,
    tag: str,
    **options: Any,
) -> Image:
    """`options` are docker-py's. Raises CommandFailedError with the engine's last lines."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryFile(dir=CACHE) as file:
        with build_context(file) as context:
            pack(context)
        return _built(engine, fileobj=file, custom_context=True, tag=tag, **options)


def _built(engine: docker.DockerClient, *, tag: str, **options: Any) -> Image:
    """`options` are docker-py's. Raises CommandFailedError with the engine's last lines."""
    try:
        image, _ = engine.images.build(tag=tag, rm=True, timeout=BUILD_TIMEOUT_S, **options)
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log if isinstance(line, dict))
        raise CommandFailedError(
            f"The build of {tag} stopped: {error}\n{log[-LOG_TAIL:]}\n"
            "Mend the cause and run the command again; finished layers are kept."
        ) from error
    return image
