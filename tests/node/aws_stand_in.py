"""One HTTP server that answers like Secrets Manager and like a server's metadata service."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

METADATA_TOKEN = "metadata-token"
ACCESS_KEY = "ASIAROLEKEY0000EXAMPLE"
ROLE = "scipio-node"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; with `silent` the server holds it back until the client is gone."""

    body: dict[str, Any]
    status: int = 200
    silent: bool = False


def refusal(code: str, message: str, status: int = 400) -> Answer:
    """As the service says that it will not (JSON protocol 1.1)."""
    return Answer({"__type": code, "message": message}, status)


@dataclass
class AwsStandIn:
    """`secrets` by ARN; what lies in `first` is answered before them, one a request."""

    port: int = 0
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: deque[Answer] = field(default_factory=deque)
    role: str | None = ROLE
    """None: a server without an instance profile."""
    metadata: dict[str, str] = field(default_factory=dict)
    """Further pages of the metadata service, by their path below `meta-data/`."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Requests to Secrets Manager: headers, and the ARN."""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        """Where botocore finds both services; variables of its own documentation."""
        address = f"http://127.0.0.1:{self.port}"
        return {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": address,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": address,
        }

    def secret(self, headers: dict[str, str], body: dict[str, Any]) -> Answer:
        arn = body["SecretId"]
        self.asked.append({"arn": arn, **headers})
        if self.first:
            return self.first.popleft()
        if arn not in self.secrets:
            return refusal(
                "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
            )
        return Answer({"ARN": arn, "Name": "a-name", **self.secrets[arn]})

    def credentials(self) -> dict[str, Any]:
        expires = datetime.now(UTC) + timedelta(hours=6)
        return {
            "Code": "Success",
            "AccessKeyId": ACCESS_KEY,
            "SecretAccessKey": "role-secret-key",
            "Token": "role-session-token",
            "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


@contextmanager
def aws_stand_in() -> Iterator[AwsStandIn]:
    """It answers on a port of its own, and is gone afterwards."""
    stand_in = AwsStandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    stand_in.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(stand_in: AwsStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            """The session token of the metadata service, version 2."""
            self._text(METADATA_TOKEN if self.path == "/latest/api/token" else None)

        def do_GET(self) -> None:
            folder = "/latest/meta-data/iam/security-credentials/"
            pages: dict[str, Callable[[], str]] = {
                f"/latest/meta-data/{path}": partial(str, text)
                for path, text in stand_in.metadata.items()
            }
            if stand_in.role is not None:
                role = stand_in.role
                pages[folder] = lambda: role
                pages[folder + role] = lambda: json.dumps(stand_in.credentials())
            known = self.headers["X-aws-ec2-metadata-token"] == METADATA_TOKEN
            page = pages.get(self.path)
            self._text(page() if known and page is not None else None)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand_in.secret(headers, body)
            if answer.silent:
                stand_in.ended.wait()
                return
            self._send(answer.status, json.dumps(answer.body))

        def _text(self, text: str | None) -> None:
            self._send(404 if text is None else 200, text or "")

        def _send(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Tests want to read their own output."""

    return Handler
