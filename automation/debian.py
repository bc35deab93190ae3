"""Programs that come from Debian's packages: installed where we may, named where we may not."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from automation.commands import run
from automation.errors import MissingToolError

PACKAGES = {
    "cloud-init": "cloud-init",
    "curl": "curl",
    "dockerd": "docker.io",
    "debootstrap": "debootstrap",
    "mvn": "maven",
    "javac": "openjdk-17-jdk-headless",
    "keytool": "openjdk-17-jre-headless",
    "git": "git",
    "haproxy": "haproxy",
    "initdb": "postgresql",
    "iptables": "iptables",
    "shellcheck": "shellcheck",
    "socat": "socat",
}
"""Program → the Debian 12 package that brings it."""

SWITCHED_OFF = {"cloud-init": Path("/etc/cloud/cloud-init.disabled")}
"""Package → the file that keeps it from setting up this machine at its next boot."""

OUTSIDE_PATH = {
    "initdb": "/usr/lib/postgresql",
    "haproxy": "/usr/sbin",
    "dockerd": "/usr/sbin",
    "iptables": "/usr/sbin",
}
"""Where Debian puts programs that an ordinary user's PATH lacks."""


def find(program: str) -> Path | None:
    """The program's path, also where Debian keeps it off PATH."""
    if on_path := shutil.which(program):
        return Path(on_path)
    folder = Path(OUTSIDE_PATH.get(program, "/nonexistent"))
    return (
        next(iter(sorted(folder.rglob(program), reverse=True)), None) if folder.is_dir() else None
    )


def may_install() -> bool:
    """Whether this is a Debian on which we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure(programs: Iterable[str], *, purpose: str) -> None:
    """Every program is there afterwards; raises `MissingToolError` naming all that are not."""
    missing = [program for program in programs if find(program) is None]
    if not missing:
        return
    packages = sorted({PACKAGES[program] for program in missing})
    if not may_install():
        raise MissingToolError(
            f"{purpose} needs {', '.join(missing)}, not found on this machine. Install them "
            f"(Debian: `sudo apt-get install {' '.join(packages)}`) and run the command again."
        )
    install(packages, purpose=purpose)


def install(packages: Iterable[str], *, purpose: str) -> None:
    """Install Debian packages as root, without recommended extras."""
    names = list(packages)
    for name in SWITCHED_OFF.keys() & set(names):
        SWITCHED_OFF[name].parent.mkdir(parents=True, exist_ok=True)
        SWITCHED_OFF[name].touch()
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    advice = "Look at the package manager's message above; `apt-get update` must work by itself."
    run(["apt-get", "update", "-q"], doing="Reading Debian's package lists", advice=advice, env=env)
    run(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names],
        doing=f"Installing {', '.join(names)} ({purpose})",
        advice=advice,
        env=env,
    )
