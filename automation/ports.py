"""Whether the ports that the balancer will publish are free, asked before anything is touched.

Docker has the last word: it may bind what this user may not, such as a port below 1024.
"""

import errno
import shutil
import socket
from collections.abc import Collection, Mapping

import docker

from automation.errors import PortTakenError
from contract.labels import CLUSTER_LABEL

LOOPBACK = "127.0.0.1"


def check(ports: Mapping[str, int], *, ours: frozenset[int]) -> None:
    """Raise `PortTakenError` naming every taken port. Keys are setting paths, values the ports.

    `ours` are ports that this stack's own balancer already holds.
    """
    taken = [
        (setting, port) for setting, port in ports.items() if port not in ours and _taken(port)
    ]
    if taken:
        setting, port = taken[0]
        section, _, key = setting.rpartition(".")
        rows = "\n".join(f"  {setting}: port {port} is taken" for setting, port in taken)
        raise PortTakenError(
            f"The balancer cannot listen on {LOOPBACK}:\n{rows}\n"
            f"End the program that listens there (`{_who_listens(port)}` names it, of other users "
            "too), or give another port in the stack file, e.g. "
            f"`{section}: {{{key}: {_free_beside(port, ports.values())}}}`."
        )


def _free_beside(port: int, others: Collection[int]) -> int:
    """A port that is free now and that no other setting has: the next thousand, or after it."""
    return next(
        each
        for each in range(port % 60000 + 1000, 65536)
        if each not in others and not _taken(each)
    )


def _who_listens(port: int) -> str:
    """A command that names the listener; without root the kernel names one's own alone."""
    if shutil.which("ss"):
        return f"sudo ss -ltnp 'sport = :{port}'"
    return f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN"


def _taken(port: int) -> bool:
    """EACCES is no sign: it says that this user may not bind it, free or taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            if error.errno != errno.EACCES:
                raise
    return False


def published_by(engine: docker.DockerClient, *, cluster: str) -> frozenset[int]:
    """Host ports that containers of this cluster publish already."""
    wanted: dict[str, str | list[str] | bool] = {"label": f"{CLUSTER_LABEL}={cluster}"}
    bindings = (
        binding
        for container in engine.containers.list(filters=wanted, ignore_removed=True)
        for bound in (container.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bound or []
    )
    return frozenset(int(binding["HostPort"]) for binding in bindings)
