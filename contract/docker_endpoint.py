"""Which Docker engine is used: the one answer for the SDK, the providers, the CLI and the checks.

In the order of Docker's own CLI: DOCKER_HOST, then the context that DOCKER_CONTEXT names, then the
active context of its configuration, then the local socket. Contexts are read from the files that
`docker context` writes: `meta/<sha256 of the name>/meta.json`, and `tls/…/docker` with the
certificates, below `contexts/` beside `config.json`.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET = "unix:///var/run/docker.sock"
PIPE = "npipe:////./pipe/docker_engine"
"""The local engine's address, on Windows the second one."""
NO_CONTEXT = "default"
"""A name that means the local engine, and no file."""
TLS_VARIABLES = ("DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
VARIABLES = ("DOCKER_HOST", "DOCKER_CONTEXT", *TLS_VARIABLES)
SERVED = ("unix://", "npipe://", "tcp://", "http://", "https://")
"""How an address begins that the SDK, the CLI and the plugin all take."""


class UnusableContextError(Exception):
    """The engine that is asked for cannot be used: a context that is not there or cannot be read,
    an address that is none. Its text says what to do."""


@dataclass(frozen=True, kw_only=True)
class DockerEndpoint:
    """One engine. `chosen_by` says for people what named it."""

    host: str
    chosen_by: str
    tls: Mapping[str, str]
    """Those of `TLS_VARIABLES` that apply to it."""
    by_context: bool = False
    """Named by a context, which not every program follows."""

    @property
    def is_local_default(self) -> bool:
        """Nothing named it: there is no other engine that the person may have meant."""
        return not self.by_context and self.chosen_by == _LOCAL

    def variables(self) -> dict[str, str]:
        """The environment variables by which every program finds this engine."""
        return {"DOCKER_HOST": self.host, **self.tls}

    def laid_over(self, environ: Mapping[str, str]) -> dict[str, str]:
        """`environ` with `variables` in the place of all that names an engine."""
        others = {key: value for key, value in environ.items() if key not in VARIABLES}
        return {**others, **self.variables()}


_LOCAL = "the local engine"


def docker_endpoint(environ: Mapping[str, str]) -> DockerEndpoint:
    """The engine that these variables and the files of Docker's CLI name.

    Raises `UnusableContextError`.
    """
    if host := environ.get("DOCKER_HOST"):
        tls = {key: environ[key] for key in TLS_VARIABLES if environ.get(key)}
        return DockerEndpoint(host=_served(host, "DOCKER_HOST"), chosen_by="DOCKER_HOST", tls=tls)
    folder = _folder(environ)
    if name := environ.get("DOCKER_CONTEXT"):
        return _of_context(name, folder, chosen_by=f"DOCKER_CONTEXT={name}")
    name = _active(folder)
    return _of_context(name, folder, chosen_by=f"the active Docker context {name}")


def _folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker"))


def _active(folder: Path) -> str:
    """Docker's CLI, too, goes on without a configuration that it cannot read."""
    configuration = _read(folder / "config.json")
    name = configuration.get("currentContext") if isinstance(configuration, dict) else None
    return str(name or NO_CONTEXT)


def _of_context(name: str, folder: Path, *, chosen_by: str) -> DockerEndpoint:
    if name == NO_CONTEXT:
        local = PIPE if os.name == "nt" else SOCKET
        return DockerEndpoint(host=local, chosen_by=_LOCAL, tls={})
    digest = hashlib.sha256(name.encode()).hexdigest()
    file = folder / "contexts" / "meta" / digest / "meta.json"
    endpoint = _endpoint(_read(file))
    host = endpoint.get("Host")
    if not isinstance(host, str) or not host:
        what = "names no Docker engine" if file.is_file() else "does not exist"
        raise UnusableContextError(
            f"{chosen_by}: this Docker context {what} ({file}). `docker context ls` lists those "
            "that are there; choose one with `docker context use NAME`, or set DOCKER_HOST."
        )
    certificates = folder / "contexts" / "tls" / digest / "docker"
    tls: dict[str, str] = {}
    if certificates.is_dir():
        verified = not endpoint.get("SkipTLSVerify")
        tls = {"DOCKER_CERT_PATH": str(certificates)}
        tls |= {"DOCKER_TLS_VERIFY": "1"} if verified else {"DOCKER_TLS": "1"}
    return DockerEndpoint(
        host=_served(host, chosen_by), chosen_by=chosen_by, tls=tls, by_context=True
    )


def _served(host: str, chosen_by: str) -> str:
    """The address as it is, where it is one that every part can use."""
    if host.startswith(SERVED):
        return host
    if host.startswith("ssh://"):
        raise UnusableContextError(
            f"{chosen_by}: {host} is reached by SSH, which not every part of this project can do. "
            f"Forward its socket (`ssh -fNL /tmp/docker.sock:/var/run/docker.sock {host}`) and "
            "name that: `export DOCKER_HOST=unix:///tmp/docker.sock`. The cluster's ports are on "
            "that machine's 127.0.0.1, so forward those too."
        )
    raise UnusableContextError(
        f"{chosen_by}: {host} is no address of a Docker engine. Allowed are unix:///path/of/socket "
        "and tcp://host:port; unset DOCKER_HOST for the local engine."
    )


def _endpoint(context: Any) -> dict[str, Any]:
    try:
        found = context["Endpoints"]["docker"]
    except (KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(file: Path) -> Any:
    """The JSON of a file; None when it is not there or is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
