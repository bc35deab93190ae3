"""The agent's own first page view: bounded, beside the loop, and never a reason not to serve."""

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator

import pytest

from node.warm_up import WarmUp
from tests.support.server_process import free_port, wait_until


class Page(http.server.BaseHTTPRequestHandler):
    """Answers when it is let go."""

    go_on = threading.Event()
    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        type(self).seen.append((self.path, self.headers["X-Forwarded-Proto"]))
        self.go_on.wait(30)
        self.send_response(200)
        self.send_header("Set-Cookie", "JSESSIONID=1")
        self.end_headers()
        self.wfile.write(b"log in")

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def page() -> Iterator[int]:
    """A slow page's port."""
    Page.go_on.clear()
    Page.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    Page.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_page_is_asked_for_once_and_beside_the_caller(page: int) -> None:
    warm_up = WarmUp(page, limit_s=60)
    assert not warm_up.is_over
    warm_up.begin()
    warm_up.begin()
    wait_until("the page is asked for", lambda: bool(Page.seen), within_s=20)
    assert not warm_up.is_over
    Page.go_on.set()
    wait_until("the page has come", lambda: warm_up.is_over, within_s=20)
    assert Page.seen == [("/admin/control/main", "https")]
    assert "(200)" in warm_up.sentence


def test_a_page_that_never_comes_is_given_up_at_the_limit(page: int) -> None:
    warm_up = WarmUp(page, limit_s=0.2)
    warm_up.begin()
    wait_until("given up", lambda: warm_up.is_over, within_s=20)
    assert "the first page was not" in warm_up.sentence


def test_an_answer_that_drips_is_over_at_the_limit() -> None:
    """Each byte of a header begins the connection's timeout anew; the whole has one of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        warm_up = WarmUp(server.getsockname()[1], limit_s=2)
        warm_up.begin()
        connection, _ = server.accept()
        with connection:

            def drips() -> bool:
                with contextlib.suppress(OSError):
                    connection.sendall(b"H")
                return warm_up.is_over

            wait_until("given up", drips, within_s=20)
            assert "the first page was not" in warm_up.sentence


def test_a_node_without_a_thread_to_spare_is_over_with_a_reason(
    page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop of PID 1 goes on."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    warm_up = WarmUp(page, limit_s=60)
    warm_up.begin()
    assert warm_up.is_over
    assert "can't start new thread" in warm_up.sentence


def test_a_node_that_nobody_reaches_is_over_with_a_reason() -> None:
    warm_up = WarmUp(free_port(), limit_s=60)
    warm_up.begin()
    wait_until("given up", lambda: warm_up.is_over, within_s=20)
    assert "Connection refused" in warm_up.sentence
