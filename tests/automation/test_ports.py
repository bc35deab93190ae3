"""Ports are checked before anything is touched."""

import errno
import re
import socket

import pytest

from automation import ports
from automation.errors import PortTakenError


def test_a_taken_port_is_refused_with_its_setting_and_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError) as refused:
            ports.check({"scipio:balancer.httpsPort": port}, ours=frozenset())
    assert f"scipio:balancer.httpsPort: port {port} is taken" in str(refused.value)
    [suggested] = re.findall(r"`scipio:balancer: {httpsPort: (\d+)}`", str(refused.value))
    ports.check({"scipio:balancer.httpsPort": int(suggested)}, ours=frozenset())


def test_the_port_that_is_suggested_is_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_taken", lambda port: port in {9080, 10080})
    wanted = {"scipio:balancer.httpPort": 9080, "scipio:balancer.httpsPort": 10081}
    with pytest.raises(PortTakenError, match="httpPort: 10082"):
        ports.check(wanted, ours=frozenset())


def test_a_port_that_our_own_balancer_holds_is_fine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        port = own.getsockname()[1]
        ports.check({"scipio:balancer.httpsPort": port}, ours=frozenset({port}))


def test_a_port_that_this_user_may_not_bind_is_left_to_docker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A user of the group `docker`, and port 443: the engine binds it as root."""

    def refused(_socket: socket.socket, _address: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    ports.check({"scipio:balancer.httpsPort": 443}, ours=frozenset())


def test_the_command_that_names_the_listener_asks_for_that_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"`sudo .*:{port}.*` names it"):
            ports.check({"scipio:balancer.httpsPort": port}, ours=frozenset())


def test_every_taken_port_is_named_at_once() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        taken = {"a": one.getsockname()[1], "b": two.getsockname()[1]}
        with pytest.raises(PortTakenError) as refused:
            ports.check(taken, ours=frozenset())
    assert all(str(port) in str(refused.value) for port in taken.values())
