"""Provider plugins: the real ones wherever they can be had, ours only where they cannot.

The stack uses two. `docker` is a released plugin that an ordinary machine downloads; where that
fails, `providers/docker` serves the same types. `pulumi-python` runs the dynamic resources; it
comes with every released CLI, and a CLI built from source lacks only its four-line launcher.
"""

import importlib.metadata
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from automation.commands import answer
from automation.console import say
from automation.launchers import write_launcher
from automation.paths import CACHE

FOLDER = CACHE / "pulumi" / "providers"
"""Launchers of the stand-ins; put on the engine's PATH only when one is needed."""
REFUSED = CACHE / "pulumi" / "docker-plugin-refused"
"""Its age says when a download was last tried in vain."""
RETRY_AFTER_S = 24 * 3600
DOWNLOAD_TIMEOUT_S = 120


def ensure(pulumi: str) -> list[Path]:
    """Folders to put on the engine's PATH, so that both plugins are found; `pulumi` is the CLI."""
    return dynamic(pulumi) + _docker(pulumi)


def dynamic(pulumi: str) -> list[Path]:
    """The same for dynamic resources alone."""
    name = "pulumi-resource-pulumi-python"
    if (Path(pulumi).parent / name).exists() or shutil.which(name):
        return []
    return [_launcher(name, "pulumi.dynamic", "Runs dynamic resources with the locked packages.")]


def _docker(pulumi: str) -> list[Path]:
    name = "pulumi-resource-docker"
    if shutil.which(name) or _plugin_installed(pulumi) or _plugin_downloaded(pulumi):
        return []
    return [_launcher(name, "providers.docker", "Stands in for the released Docker plugin.")]


def docker_version() -> str:
    """The version of the plugin that belongs to the installed pulumi-docker package."""
    return importlib.metadata.version("pulumi_docker")


def _plugin_installed(pulumi: str) -> bool:
    listing = answer([pulumi, "plugin", "ls", "--json"])
    return listing is not None and any(
        plugin.get("name") == "docker" and plugin.get("version") == docker_version()
        for plugin in json.loads(listing)
    )


def _plugin_downloaded(pulumi: str) -> bool:
    if REFUSED.exists() and time.time() - REFUSED.stat().st_mtime < RETRY_AFTER_S:
        return False
    say(f"Downloading Pulumi's Docker plugin {docker_version()} …")
    command = [pulumi, "plugin", "install", "resource", "docker", docker_version()]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=DOWNLOAD_TIMEOUT_S,
            check=False,
        )
        reason = (done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1]
    except subprocess.TimeoutExpired:
        reason = f"no answer in {DOWNLOAD_TIMEOUT_S} s"
    else:
        if done.returncode == 0:
            return True
    say(f"  not to be had here ({reason[:160]}); this project's own provider stands in")
    REFUSED.parent.mkdir(parents=True, exist_ok=True)
    REFUSED.touch()
    return False


def _launcher(name: str, module: str, purpose: str) -> Path:
    write_launcher(FOLDER / name / name, module=module, purpose=purpose)
    return FOLDER / name


def path_with(folders: list[Path], path: str) -> str:
    """`path` with `folders` in front."""
    return os.pathsep.join([*map(str, folders), path])
