"""The one base image of everything that we build: there already, pulled, or made from packages."""

import platform
import subprocess
import tempfile
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound

from automation import debian
from automation.commands import run
from automation.console import say
from automation.errors import MissingToolError

REPOSITORY, TAG = "debian", "bookworm-slim"
NAME = f"{REPOSITORY}:{TAG}"


def ensure(engine: docker.DockerClient) -> None:
    """`debian:bookworm-slim` is in the engine afterwards."""
    if _present(engine) or _pulled(engine):
        return
    _bootstrap(engine)


def _present(engine: docker.DockerClient) -> bool:
    try:
        engine.images.get(NAME)
    except ImageNotFound:
        return False
    return True


def _pulled(engine: docker.DockerClient) -> bool:
    say(f"Pulling {NAME} …")
    try:
        engine.images.pull(REPOSITORY, tag=TAG)
    except DockerException as error:
        say(f"  no registry gave it ({_first_line(error)}); making it from Debian's packages")
        return False
    return True


def _first_line(error: DockerException) -> str:
    return str(error).splitlines()[0][:160]


def _bootstrap(engine: docker.DockerClient) -> None:
    if not debian.may_install():
        raise MissingToolError(
            f"{NAME} is not in your Docker engine, no registry gave it, and making it needs root "
            f"on Debian. Load it once (`docker pull {NAME}` or `docker load`), then run again."
        )
    debian.ensure(["debootstrap"], purpose="The base image")
    with tempfile.TemporaryDirectory(prefix="base-image-") as folder:
        tree = Path(folder) / "root"
        run(
            ["debootstrap", "--variant=minbase", "bookworm", str(tree)],
            doing=f"Making {NAME} with debootstrap (about half a minute)",
            advice="debootstrap must reach Debian's packages: see its log above.",
        )
        _copy_package_sources(tree)
        _import(tree)
    engine.images.get(NAME)


def _copy_package_sources(tree: Path) -> None:
    """The image asks the same package servers as this machine, security updates included."""
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    if sources.is_file():
        (tree / "etc/apt/sources.list").unlink(missing_ok=True)
        (tree / "etc/apt/sources.list.d/debian.sources").write_bytes(sources.read_bytes())


def _import(tree: Path) -> None:
    say(f"Importing {NAME} ({platform.machine()}) …")
    with subprocess.Popen(["tar", "-C", str(tree), "-c", "."], stdout=subprocess.PIPE) as archive:
        subprocess.run(
            ["docker", "import", "-", NAME], stdin=archive.stdout, check=True, capture_output=True
        )
