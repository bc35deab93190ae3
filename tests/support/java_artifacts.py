"""What Maven makes for the tests: the broker's jars, the cluster component, the reference node,
and a Tomcat of the ERP's version."""

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.support.server_process import ServerError

PROJECT = Path(__file__).resolve().parents[2]
BROKER = PROJECT / "image" / "broker"
REFERENCE_NODE = PROJECT / "image" / "reference-node"
CLUSTER_COMPONENT = PROJECT / "image" / "cluster-component"
TOMCAT = PROJECT / "tests" / "support" / "tomcat"
BUILD_LIMIT_S = 600


def broker_jars() -> Path:
    """The folder with the broker's jars, made by Maven when it is not there or is out of date."""
    jars = BROKER / "artifacts" / "lib"
    _build_if_stale(BROKER, made=jars, mark="activemq-broker-*.jar", sources=[BROKER / "pom.xml"])
    return jars


def reference_node_home() -> Path:
    """The reference node's tree, made by Maven when it is not there or older than its sources."""
    home = REFERENCE_NODE / "artifacts" / "home"
    sources = [
        REFERENCE_NODE / "pom.xml",
        *(REFERENCE_NODE / "src" / "main").rglob("*"),
        *(CLUSTER_COMPONENT / "sender" / "src" / "main").rglob("*"),
    ]
    _build_if_stale(REFERENCE_NODE, made=home, mark="reference-node.jar", sources=sources)
    return home


def cluster_component() -> Path:
    """The component's folder as it goes into `hot-deploy/`, made by Maven when out of date."""
    folder = CLUSTER_COMPONENT / "artifacts" / "hot-deploy" / "scipio-cluster"
    sources = [
        path
        for path in CLUSTER_COMPONENT.rglob("*")
        if path.relative_to(CLUSTER_COMPONENT).parts[0] != "artifacts"
        and "target" not in path.relative_to(CLUSTER_COMPONENT).parts
    ]
    _build_if_stale(CLUSTER_COMPONENT, made=folder, mark="scipio-component.xml", sources=sources)
    return folder


def tomcat_libraries() -> Path:
    """The folder with Tomcat's jars and the program that says how it reads a path."""
    jars = TOMCAT / "artifacts" / "lib"
    sources = [TOMCAT / "pom.xml", *(TOMCAT / "src" / "main").rglob("*")]
    _build_if_stale(TOMCAT, made=jars, mark="tomcat-paths.jar", sources=sources)
    return jars


def _build_if_stale(project: Path, *, made: Path, mark: str, sources: list[Path]) -> None:
    (project / "artifacts").mkdir(exist_ok=True)
    with (project / "artifacts" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = project / "artifacts" / ".built"
        newest = max(path.stat().st_mtime for path in sources if path.is_file())
        if any(made.glob(mark)) and stamp.exists() and stamp.stat().st_mtime >= newest:
            return
        shutil.rmtree(made, ignore_errors=True)
        _package(project)
        stamp.touch()


def _package(project: Path) -> None:
    command = ["mvn", "-q", "-B", "-Dstyle.color=never", "-DskipTests", "package"]
    built = subprocess.run(
        command,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=BUILD_LIMIT_S,
        check=False,
    )
    if built.returncode != 0:
        raise ServerError(
            f"`{' '.join(command)}` in {project} ended with {built.returncode}:\n{built.stdout}"
        )
