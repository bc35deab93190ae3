"""A real HAProxy in front of two small HTTP servers, all on 127.0.0.1."""

import http.client
import json
import ssl
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from contract.cluster_document import PublicEndpoint
from contract.routing import RoutingRules
from settings.routing import HEALTH_PATH, blocked
from settings.visitor_paths import BLOCKED_PATHS, PUBLIC_PATHS, VIEW_PATHS
from templates.haproxy.context import (
    Listeners,
    NodeAddress,
    StaticNodes,
    balancer_configuration,
    request_limits,
)
from templates.renderer import render
from tests.support.certificates import certificate_and_key, make_server_certificate
from tests.support.server_process import ServerProcess, free_port, wait_until

ADDRESS = "127.0.0.1"
PUBLIC = PublicEndpoint(host="localhost", https_port=8443)
ROUTING = RoutingRules(
    health_path=HEALTH_PATH,
    root_redirect="/admin/control/main",
    blocked=blocked(BLOCKED_PATHS),
    public_paths=PUBLIC_PATHS,
    view_paths=VIEW_PATHS,
    stickiness_s=3600,
    health_interval_s=1,
    healthy_threshold=1,
    unhealthy_threshold=1,
)


class EchoNode:
    """Answers every request with its own name and what it got."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.refuses = False
        """Answers with 503, as a node does that waits for its place in the cluster."""
        self.refused: list[str] = []
        """The methods of what it refused."""
        self._server = ThreadingHTTPServer((ADDRESS, 0), self._handler())
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more; calling it again does no harm."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        name, node = self.name, self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = [(key.lower(), value) for key, value in self.headers.items()]
                body = json.dumps({"node": name, "path": self.path, "headers": headers}).encode()
                refuses = node.refuses and self.path != HEALTH_PATH
                if refuses:
                    node.refused.append(self.command)
                self.send_response(503 if refuses else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests want to read their own output."""

        return Handler


@dataclass(frozen=True)
class Answer:
    """What a visitor gets."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def node(self) -> str:
        return str(json.loads(self.body)["node"])

    def seen(self, header: str) -> list[str]:
        """What the node saw of this header."""
        return [value for key, value in json.loads(self.body)["headers"] if key == header]

    @property
    def cookie(self) -> str | None:
        """`name=value` of the cookie that was set."""
        set_cookie = self.headers.get("set-cookie")
        return set_cookie.split(";")[0] if set_cookie else None


class Balanced:
    """The balancer of two nodes; `nodes` may be stopped one by one.

    With `controlled`, HAProxy can be told what to do through a socket in `folder`.
    """

    def __init__(
        self,
        folder: Path,
        routing: RoutingRules = ROUTING,
        *,
        names: tuple[str, str] = ("one", "two"),
        controlled: bool = False,
    ) -> None:
        self._routing = routing
        self._names = sorted(names)
        self.nodes = [EchoNode(name) for name in names]
        self.sign_ports = {node.name: free_port() for node in self.nodes}
        """Nobody listens there unless a test does."""
        self.listen = Listeners(
            https_port=free_port(),
            http_port=free_port(),
            statistics_port=free_port(),
            address=ADDRESS,
            control_folder=str(folder) if controlled else None,
        )
        made = make_server_certificate("unused")
        self._trust = ssl.create_default_context(cadata=made.authority_pem)
        certificate = folder / "certificate.pem"
        certificate.write_bytes(certificate_and_key(made.key_store, "unused"))
        self.configuration = folder / "haproxy.cfg"
        self.configuration.write_text(self._configuration(certificate))
        self._process = self._started()
        self._kept = http.client.HTTPSConnection(
            ADDRESS, self.listen.https_port, context=self._trust, timeout=10
        )

    def _started(self) -> ServerProcess:
        return ServerProcess(
            "HAProxy",
            ["haproxy", "-db", "-f", str(self.configuration)],
            log=self.configuration.with_name("haproxy.log"),
        )

    def restart(self) -> None:
        """Another process with the same configuration."""
        self._process.end()
        self._process = self._started()
        self._process.wait_until_usable(lambda: bool(self.states()), within_s=20)

    def wait_until_all_up(self) -> None:
        self._process.wait_until_usable(lambda: self._up() == self._names, within_s=20)

    def wait_until_up(self, *names: str) -> None:
        wait_until(f"nodes {names} are up", lambda: self._up() == sorted(names), within_s=20)

    def stop(self) -> None:
        self._kept.close()
        self._process.end()
        for node in self.nodes:
            node.stop()

    def get(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET"
    ) -> Answer:
        """Over TLS, verified; the path goes out exactly as it is."""
        connection = http.client.HTTPSConnection(
            ADDRESS, self.listen.https_port, context=self._trust, timeout=10
        )
        return _answer(connection, method, path, (headers or {}).items())

    def get_with(self, path: str, headers: Sequence[tuple[str, str]]) -> Answer:
        """As `get`, with a header more than once."""
        connection = http.client.HTTPSConnection(
            ADDRESS, self.listen.https_port, context=self._trust, timeout=10
        )
        return _answer(connection, "GET", path, headers)

    def status_of(self, path: str) -> int:
        """What `get` would be answered, over one connection for many: thousands take seconds."""
        self._kept.putrequest("GET", path, skip_accept_encoding=True)
        self._kept.endheaders()
        response = self._kept.getresponse()
        response.read()
        return response.status

    def get_plain(self, port: int, path: str) -> Answer:
        connection = http.client.HTTPConnection(ADDRESS, port, timeout=10)
        return _answer(connection, "GET", path, ())

    def statistics(self) -> list[dict[str, str]]:
        """`;json`, one flat table a server, frontend or backend."""
        answer = self.get_plain(self.listen.statistics_port, "/;json")
        return [
            {field["field"]["name"]: str(field["value"]["value"]) for field in fields}
            for fields in json.loads(answer.body)
        ]

    def states(self) -> dict[str, str]:
        """HAProxy's word on each node; none while it does not answer."""
        try:
            rows = self.statistics()
        except OSError:
            return {}
        return {row["svname"]: row["status"] for row in rows if row["svname"] in self._names}

    def _up(self) -> list[str]:
        return sorted(name for name, state in self.states().items() if state == "UP")

    def _configuration(self, certificate: Path) -> str:
        addresses = tuple(
            NodeAddress(
                name=node.name,
                host=ADDRESS,
                port=node.port,
                health_port=node.port,
                sign_port=self.sign_ports[node.name],
            )
            for node in self.nodes
        )
        return render(
            balancer_configuration(
                routing=self._routing,
                public_endpoint=PUBLIC,
                nodes=StaticNodes(addresses=addresses, requests=request_limits(10)),
                certificate_path=str(certificate),
                dynamic_cookie_key="key of the tests",
                listen=self.listen,
            )
        )


def _answer(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Iterable[tuple[str, str]],
) -> Answer:
    try:
        headers = list(headers)
        own_host = any(name == "Host" for name, _ in headers)
        connection.putrequest(method, path, skip_host=own_host, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


@contextmanager
def two_colours(folder: Path) -> Iterator[Balanced]:
    """A blue node and a green one behind a balancer whose weights a release may change."""
    running = Balanced(folder, names=("blue1", "green1"), controlled=True)
    try:
        running.wait_until_all_up()
        yield running
    finally:
        running.stop()
