"""The node's sign on its port: both families, a lack of file descriptors, and how long it lasts."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from node.balancer_sign import BalancerSign, Sign
from tests.support.server_process import free_port

PROJECT = Path(__file__).resolve().parents[2]


def told(address: str, port: int) -> str:
    with socket.create_connection((address, port), timeout=5) as connection:
        return connection.makefile().read()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_it_is_told_on_every_address_of_both_families(address: str) -> None:
    """HAProxy asks for an IPv6 address first where the network has some."""
    port = free_port()
    sign = BalancerSign()
    sign.listen(port)
    sign.show(Sign.UP)
    assert told(address, port) == "up 100%\n"


@pytest.mark.parametrize("code", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
def test_a_host_without_ipv6_has_it_on_ipv4(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    made = socket.create_server

    def no_ipv6(address: tuple[str, int], *, family: int = socket.AF_INET, **more: bool) -> object:
        if family == socket.AF_INET6:
            raise OSError(code, os.strerror(code))
        return made(address, family=family, **more)

    monkeypatch.setattr("node.balancer_sign.socket.create_server", no_ipv6)
    port = free_port()
    BalancerSign().listen(port)
    assert told("127.0.0.1", port) == "down\n"


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        BalancerSign().listen(taken.getsockname()[1])


def test_a_sign_that_was_not_shown_again_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The node stood still, or its loop hangs."""
    sign = BalancerSign()
    monkeypatch.setattr("node.balancer_sign.uptime_s", lambda: 100.0)
    sign.show(Sign.UP)
    monkeypatch.setattr("node.balancer_sign.uptime_s", lambda: 110.0)
    assert sign.sign.value == "up 100%"
    monkeypatch.setattr("node.balancer_sign.uptime_s", lambda: 110.1)
    assert sign.sign.value == "down"


SHORT_OF_DESCRIPTORS = """
import resource, socket, sys, time
from node.balancer_sign import BalancerSign
said = []
sign = BalancerSign(say=said.append)
sign.listen(int(sys.argv[1]))
first, asking = socket.socket(), socket.socket()
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 4096))
# The kernel has taken a descriptor for the one who is waited for already.
for each in (first, asking):
    each.connect(("127.0.0.1", int(sys.argv[1])))
before = time.process_time()
time.sleep(1.5)
spent = time.process_time() - before
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
print(spent < 0.3, len(said), said[0])
print(asking.makefile().read())
"""


def test_without_a_file_descriptor_it_waits_says_so_once_and_answers_later() -> None:
    """The kernel keeps the connection, so a loop without a pause would burn a processor."""
    tried = subprocess.run(
        [sys.executable, "-c", SHORT_OF_DESCRIPTORS, str(free_port())],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert tried.stdout.splitlines()[:2] == [
        "True 1 The balancer's question for the sign was not taken: [Errno 24] Too many open "
        "files.",
        "down",
    ], tried.stderr
