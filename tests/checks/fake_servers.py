"""The fake cluster's ports: HTTPS, HTTP and the statistics page, on 127.0.0.1."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from contract.routing import RoutingRules
from contract.stack_outputs import (
    BalancerOutput,
    BrokerOutput,
    DatabaseOutput,
    NodeOutput,
    StackOutputs,
)
from tests.checks.certificate import served_certificate
from tests.checks.fake_cluster import BLOCKED, Answer, Behaviour, FakeCluster

HOST = "127.0.0.1"
Respond = Callable[[str, str, str, str], Answer]
"""Method, target, cookies, body → answer."""


@dataclass(frozen=True)
class ServedCluster:
    """A fake cluster that answers on its ports, and what its stack says of it."""

    cluster: FakeCluster
    outputs: StackOutputs


@contextmanager
def served(folder: Path, behaviour: Behaviour, *, nodes: int = 3) -> Iterator[ServedCluster]:
    """The cluster's three servers run inside the `with`."""
    cluster = FakeCluster(behaviour, nodes=nodes)
    certificate = served_certificate(folder, days=behaviour.certificate_days)
    authority = certificate.authority_pem
    if behaviour.foreign_authority:
        authority = served_certificate(folder).authority_pem
    with ExitStack() as running:
        https = _server(cluster.answer)
        https.socket = certificate.context.wrap_socket(
            https.socket, server_side=True, do_handshake_on_connect=False
        )
        https_url = f"https://{HOST}:{https.server_port}"
        http = _server(lambda _m, target, _c, _b: _redirect(behaviour, https_url, target))
        statistics = _server(lambda *_: _statistics(cluster))
        for server in (https, http, statistics):
            running.enter_context(_running(server))
        yield ServedCluster(cluster, _outputs(cluster, https_url, http, statistics, authority))


def _outputs(
    cluster: FakeCluster,
    https_url: str,
    http: ThreadingHTTPServer,
    statistics: ThreadingHTTPServer,
    authority: str,
) -> StackOutputs:
    return StackOutputs(
        cluster="test",
        platform="docker",
        implementation="reference",
        balancer=BalancerOutput(
            https_url=https_url,
            http_url=f"http://{HOST}:{http.server_port}",
            statistics_url=f"http://{HOST}:{statistics.server_port}/",
            container="test-balancer",
        ),
        ca_certificate=authority,
        routing=RoutingRules(
            health_path="/images/busy.gif",
            root_redirect="/admin/control/main",
            blocked=BLOCKED,
            public_paths=("/shop",),
            stickiness_s=60,
        ),
        nodes=tuple(
            NodeOutput(instance_id=node.instance_id, container=node.container)
            for node in cluster.nodes
        ),
        brokers=tuple(BrokerOutput(name=name, container=name) for name in cluster.brokers),
        database=DatabaseOutput(
            host="database", port=5432, name="scipio", app_user="a", container="test-database"
        ),
    )


def _redirect(behaviour: Behaviour, https_url: str, target: str) -> Answer:
    page = urlsplit(target).path if behaviour.redirect_drops_query else target
    return Answer(status=behaviour.redirect_status, headers=(("Location", f"{https_url}{page}"),))


def _statistics(cluster: FakeCluster) -> Answer:
    if cluster.behaviour.statistics_are_html:
        return Answer(status=200, body="<html>statistics</html>")
    up = cluster.up_nodes()
    lines: list[Sequence[dict[str, object]]] = [_line("Frontend", "https", "FRONTEND", "OPEN")]
    lines += [
        _line("Server", "nodes", f"node{number}", "UP" if node in up else "DOWN")
        for number, node in enumerate(cluster.nodes, start=1)
    ]
    lines.append(_line("Server", "nodes", "node9", "MAINT (resolution)"))
    return Answer(status=200, body=json.dumps(lines))


def _line(kind: str, proxy: str, server: str, status: str) -> list[dict[str, object]]:
    """One line in the form of HAProxy 2.6's `;json`."""
    values = {"pxname": proxy, "svname": server, "status": status}
    return [
        {
            "objType": kind,
            "field": {"pos": 0, "name": name},
            "value": {"type": "str", "value": value},
        }
        for name, value in values.items()
    ]


def _server(respond: Respond) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            answer = respond(self.command, self.path, self.headers.get("Cookie", ""), body)
            content = answer.body.encode()
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = handle_any  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            """Tests read answers, not logs."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    return server


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
