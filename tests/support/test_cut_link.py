"""A cut link is silent: nothing arrives, nobody is reset, and it works again afterwards."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.support.cut_link import cut_connections, cut_link


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server on 127.0.0.1 that answers each message with itself."""
    listening = socket.create_server(("127.0.0.1", 0))

    def echo(connection: socket.socket) -> None:
        # A client that leaves with bytes unread resets the connection.
        with closing(connection), suppress(ConnectionResetError):
            while received := connection.recv(64):
                connection.sendall(received)

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=echo, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with closing(listening):
        yield listening.getsockname()[1]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=1)


def is_answered(connection: socket.socket) -> bool:
    connection.sendall(b"hello")
    try:
        return connection.recv(64) == b"hello"
    except TimeoutError:
        return False


def test_a_cut_link_neither_answers_nor_resets(echo_port: int) -> None:
    with closing(connect(echo_port)) as connection:
        assert is_answered(connection)
        with cut_link(echo_port):
            assert not is_answered(connection)
            with pytest.raises(TimeoutError):
                connect(echo_port)
        with closing(connect(echo_port)) as later:
            assert is_answered(later)


def test_cut_connections_leave_new_ones_alone(echo_port: int) -> None:
    with closing(connect(echo_port)) as old:
        assert is_answered(old)
        with cut_connections(echo_port) as count, closing(connect(echo_port)) as new:
            assert count == 1
            assert not is_answered(old)
            assert is_answered(new)
