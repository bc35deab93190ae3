"""The cluster component's adapter, compiled against a user's own tree.

What stands in the component is compiled against signatures, for where no tree is at hand. Java
binds a call to the exact types that it was compiled with, and a release may have others.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from automation import artifacts
from automation.artifacts import Artifact
from automation.commands import run
from automation.paths import CACHE

JAVA_RELEASE = "11"
COMPONENT = artifacts.IMAGE / "cluster-component"
SOURCES = COMPONENT / "adapter" / "src" / "main" / "java"
LIBRARY = "lib/cluster-cache-clear-adapter-1.jar"
"""The adapter's place in the component."""

ENGINES = ("base", "entity", "entityext", "service")
"""The parts of the tree's framework that it touches."""


def ensure(home: Path) -> Path:
    """The jar for this tree. Raises CommandFailedError where the tree has other types."""
    jar = COMPONENT / "artifacts" / "tree" / Path(LIBRARY).name
    Artifact(
        folder=jar.parent,
        # What it calls of the sender binds as what it calls of the tree.
        sources=(SOURCES, COMPONENT / "sender" / "src" / "main"),
        variant=_content(engine_jars(home)),
        make=lambda: _package(home, jar),
    ).ensure()
    return jar


def compile_against(home: Path, classes: Path) -> None:
    """The adapter's classes. Raises CommandFailedError with what the compiler says."""
    own = sorted((artifacts.CLUSTER_COMPONENT / "lib").glob("*.jar"))
    libraries = sorted((home / "framework" / "base" / "lib").rglob("*.jar"))
    class_path = [
        *engine_jars(home),
        *libraries,
        *(jar for jar in own if jar.name != Path(LIBRARY).name),
    ]
    run(
        [
            *("javac", "--release", JAVA_RELEASE, "-proc:none", "-Xlint:-options"),
            # Of many faults the first ones say the cause.
            *("-Xmaxerrs", "5"),
            *("-d", str(classes), "-cp", ":".join(map(str, class_path))),
            *(str(path) for path in sorted(SOURCES.rglob("*.java"))),
        ],
        doing="Compiling the cluster component against the tree",
        advice="The entity or service engine of this tree is not Scipio 3's, which the component "
        "calls. Build the image of a tree whose engines are as released, or change "
        "image/cluster-component/adapter with them.",
    )


def _package(home: Path, jar: Path) -> None:
    shutil.rmtree(jar.parent, ignore_errors=True)
    jar.parent.mkdir(parents=True)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder, ZipFile(jar, "w") as packed:
        classes = Path(folder)
        compile_against(home, classes)
        for path in sorted(classes.rglob("*.class")):
            # Without its own time: equal classes are an equal image.
            packed.writestr(ZipInfo(path.relative_to(classes).as_posix()), path.read_bytes())


def engine_jars(home: Path) -> list[Path]:
    """The tree's own classes that the adapter may call."""
    framework = home / "framework"
    return [
        jar
        for part in ENGINES
        for jar in sorted((framework / part / "build" / "lib").glob("*.jar"))
    ]


def _content(jars: list[Path]) -> str:
    return " ".join(hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars)
