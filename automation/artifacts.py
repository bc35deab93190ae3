"""What the images are built from and git does not hold: jars from Maven, wheels from PyPI.

They are made on this machine, beside the Dockerfile that copies them, so that an image build needs
nothing but Debian's packages. Each is made again when what it is made from has changed.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker

from automation import debian
from automation.commands import run
from automation.errors import MissingToolError
from automation.one_at_a_time import one_at_a_time
from automation.paths import PYTHON, ROOT

IMAGE = ROOT / "image"
CLUSTER_COMPONENT = IMAGE / "cluster-component" / "artifacts" / "hot-deploy" / "scipio-cluster"
"""What every tree is given: the component, with the ActiveMQ client that a stock tree lacks."""
DRIVER_JARS = IMAGE / "scipio" / "artifacts" / "jars"
"""PostgreSQL's driver, for a tree that was built without it."""
NODE_PYTHON = "3.11"
"""Debian 12's Python, which runs the agent in the image."""
WHEEL_PLATFORMS = {
    "amd64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}
"""The engine's architecture → wheel tags that Debian 12's C library (2.36) can load."""


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One gitignored folder, the files it is made from, and how."""

    folder: Path
    sources: tuple[Path, ...]
    make: Callable[[], None]
    variant: str = ""

    def current(self) -> bool:
        """Whether the folder was made, wholly, from the sources as they are."""
        return self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._digest()

    def ensure(self) -> None:
        """The folder is made from the sources as they are; an interrupted making is redone."""
        if self.current():
            return
        with one_at_a_time(f"making of {self.folder.relative_to(ROOT)}"):
            # Another command may have made it meanwhile.
            if not self.current():
                self._make_anew()

    def _make_anew(self) -> None:
        self._stamp.unlink(missing_ok=True)
        # What an earlier making left would go into the image too: a jar of an older version.
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.make()
        self._stamp.write_text(self._digest(), encoding="utf-8")

    @property
    def _stamp(self) -> Path:
        return self.folder.parent / f".{self.folder.name}.stamp"

    def _digest(self) -> str:
        return digest_of(self.sources, self.variant)


def digest_of(sources: Iterable[Path], variant: str = "") -> str:
    """SHA-256 over the names and contents of these files, and of all files of these folders."""
    digest = hashlib.sha256(variant.encode())
    for path in _files(sources):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        yield from (
            sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
        )


def ensure_java() -> None:
    """The broker's jars and the reference node's home are made."""
    _ensure([_broker(), _reference_node()], programs=["mvn", "javac"])


def ensure_cluster_component() -> None:
    """The component that the ERP is given in `hot-deploy/` is made."""
    _ensure([_cluster_component()], programs=["mvn", "javac"])


def ensure_database_driver() -> None:
    """PostgreSQL's driver is there, for a tree that was built without it."""
    _ensure([_database_driver()], programs=["mvn"])


def _ensure(artifacts: Iterable[Artifact], *, programs: list[str]) -> None:
    needed = [artifact for artifact in artifacts if not artifact.current()]
    if needed:
        debian.ensure(programs, purpose="Building the Java parts")
    for artifact in needed:
        artifact.ensure()


def ensure_python(engine: docker.DockerClient) -> None:
    """The agent's Python packages are there, for the engine's architecture."""
    _site_packages(str(engine.version()["Arch"])).ensure()


def _broker() -> Artifact:
    folder = IMAGE / "broker"
    return Artifact(
        folder=folder / "artifacts" / "lib",
        sources=(folder / "pom.xml",),
        make=lambda: _maven(folder, "Collecting the ActiveMQ broker's jars"),
    )


def _reference_node() -> Artifact:
    folder = IMAGE / "reference-node"
    return Artifact(
        folder=folder / "artifacts" / "home",
        sources=(
            folder / "pom.xml",
            folder / "src" / "main",
            IMAGE / "cluster-component" / "sender" / "src" / "main",
        ),
        make=lambda: _maven(folder, "Building the reference node", "-DskipTests"),
    )


def _cluster_component() -> Artifact:
    folder = IMAGE / "cluster-component"
    modules = ("sender", "erp-signatures", "adapter")
    return Artifact(
        folder=folder / "artifacts" / "hot-deploy",
        sources=(
            folder / "pom.xml",
            *(folder / module / "pom.xml" for module in modules),
            *(folder / module / "src" / "main" for module in modules),
        ),
        make=lambda: _maven(folder, "Building the cluster component", "-DskipTests"),
    )


def _database_driver() -> Artifact:
    folder = IMAGE / "scipio"
    return Artifact(
        folder=DRIVER_JARS,
        sources=(folder / "pom.xml",),
        make=lambda: _maven(folder, "Fetching PostgreSQL's driver"),
    )


def _maven(folder: Path, doing: str, *options: str) -> None:
    run(
        ["mvn", "--batch-mode", "--quiet", "--file", str(folder / "pom.xml"), *options, "package"],
        doing=doing,
        advice="Maven must reach its repository (see the messages above; "
        "`~/.m2/settings.xml` names a mirror where you need one).",
    )


def _site_packages(architecture: str) -> Artifact:
    if architecture not in WHEEL_PLATFORMS:
        raise MissingToolError(
            f"The Docker engine runs on {architecture}; the node's packages are known for "
            f"{' and '.join(WHEEL_PLATFORMS)} alone."
        )
    folder = IMAGE / "node" / "artifacts" / "site-packages"
    lock = IMAGE / "requirements.txt"
    return Artifact(
        folder=folder,
        sources=(lock,),
        make=lambda: _install_wheels(folder, lock, architecture),
        variant=architecture,
    )


def _install_wheels(folder: Path, lock: Path, architecture: str) -> None:
    platforms = [f"--platform={tag}" for tag in WHEEL_PLATFORMS[architecture]]
    run(
        [
            *(str(PYTHON), "-m", "pip", "install", "--quiet", "--target", str(folder)),
            *("--require-hashes", "--requirement", str(lock), "--no-deps", "--no-compile"),
            *("--only-binary=:all:", "--implementation=cp", f"--python-version={NODE_PYTHON}"),
            *platforms,
        ],
        doing=f"Collecting the node's Python packages ({architecture})",
        advice="pip must reach PyPI: see the messages above.",
    )
