"""One page of this node's own JVM, asked for over a plain socket.

`http.client` brings mail, TLS and 6 MiB of memory with it, which stay in PID 1 beside the JVM.
"""

import socket
import time
from collections.abc import Iterator

READ_AT_ONCE = 65_536
STATUS_LINE_LIMIT = 1024


class NoAnswerError(Exception):
    """What came is no HTTP answer; the message says what it was."""


def status_of(port: int, path: str, *, limit_s: float) -> int:
    """The status of one `GET` on 127.0.0.1. Raises OSError or NoAnswerError."""
    head = b""
    for part in _answer(port, path, limit_s):
        head += part
        if b"\n" in head or len(head) > STATUS_LINE_LIMIT:
            break
    return _status(head)


def status_of_whole(port: int, path: str, *, limit_s: float) -> int:
    """The same for a page that is read to its end, asked for as the balancer hands it on.

    No cookie is kept. Ends at the limit, also when the answer drips: TimeoutError, an OSError.
    """
    head = b""
    for part in _answer(port, path, limit_s, "X-Forwarded-Proto: https"):
        head += part if len(head) < STATUS_LINE_LIMIT else b""
    return _status(head)


def _answer(port: int, path: str, limit_s: float, *headers: str) -> Iterator[bytes]:
    """The answer as it comes in, until the server has said all, which closes the connection."""
    deadline = time.monotonic() + limit_s
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += ["User-Agent: node-agent", *headers, "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=limit_s) as connection:
        connection.sendall("\r\n".join(lines).encode("ascii"))
        while (left_s := deadline - time.monotonic()) > 0:
            connection.settimeout(left_s)
            try:
                part = connection.recv(READ_AT_ONCE)
            except TimeoutError:
                break
            if not part:
                return
            yield part
    raise TimeoutError(f"it was not complete within {limit_s:g} s")


def _status(head: bytes) -> int:
    line = head.partition(b"\r\n")[0]
    match line.split(b" ", 2):
        case [version, status, *_] if version.startswith(b"HTTP/1.") and status.isdigit():
            return int(status)
    raise NoAnswerError(f"no HTTP answer, but {line[:80]!r}")
