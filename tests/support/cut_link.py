"""A link that is cut: packets of a local port are dropped, and no process is told (no RST, no FIN).

What a vanished host looks like to its clients. A killed process is the other kind of fault: its
kernel resets every connection at once. Needs root and iptables.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

RULE_OWNER = "scipio-test-"
"""Comment of every rule, followed by the pid of the process that added it."""


@contextlib.contextmanager
def cut_link(port: int) -> Iterator[None]:
    """While entered, every packet to and from this local TCP port is dropped."""
    with _dropping(("--dport", str(port)), ("--sport", str(port))):
        yield


@contextlib.contextmanager
def cut_connections(port: int) -> Iterator[int]:
    """While entered, the connections that were open to this local port are cut; new ones work.

    Yields how many there were: a failover whose new host answers under the old name.
    """
    clients = sorted(set(_client_ports(port)))
    rules = [
        match
        for client in clients
        for match in (
            ("--sport", str(client), "--dport", str(port)),
            ("--sport", str(port), "--dport", str(client)),
        )
    ]
    with _dropping(*rules):
        yield len(clients)


@contextlib.contextmanager
def _dropping(*matches: tuple[str, ...]) -> Iterator[None]:
    _remove_rules_of_the_dead()
    with contextlib.ExitStack() as removal:
        for match in matches:
            rule = _rule(match, os.getpid())
            _iptables("-I", *rule)
            removal.callback(_iptables, "-D", *rule)
        yield


def _rule(match: Iterable[str], pid: int) -> tuple[str, ...]:
    comment = ("-m", "comment", "--comment", f"{RULE_OWNER}{pid}")
    return ("INPUT", "-i", "lo", "-p", "tcp", *match, *comment, "-j", "DROP")


def _client_ports(port: int) -> Iterator[int]:
    """The client's port of each established connection to a local port (IPv4 and IPv6)."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, remote, state, *_ = line.split()
            if state == "01" and int(remote.rpartition(":")[2], 16) == port:
                yield int(local.rpartition(":")[2], 16)


def _remove_rules_of_the_dead() -> None:
    """Removes rules that a killed test left: another test may get the same port."""
    for line in _iptables("-S", "INPUT").splitlines():
        if RULE_OWNER not in line:
            continue
        pid = line.partition(RULE_OWNER)[2].split()[0].strip('"')
        if not Path(f"/proc/{pid}").exists():
            # Two tests may find the same rule; the second deletion has nothing to do.
            with contextlib.suppress(subprocess.CalledProcessError):
                _iptables("-D", *line.replace('"', "").split()[1:])


def _iptables(*arguments: str) -> str:
    done = subprocess.run(
        ["iptables", "-w", *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout
