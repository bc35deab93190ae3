"""AWS's own APIs in front of the double's account: what botocore and Terraform ask directly.

Auto Scaling and EC2 speak in forms and XML, CloudWatch in JSON. Every call that makes a change is
kept, with its arguments, in the order in which they came.
"""

import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.engine.doubles.aws import account as accounts
from tests.engine.doubles.aws import api_balancing, api_servers, api_watching
from tests.engine.doubles.aws.account import Account
from tests.engine.doubles.aws.api_xml import Refusal

Form = dict[str, str]
Answer = Callable[[Account, Form], str]

QUERY: dict[str, Answer] = {**api_servers.ACTIONS, **api_balancing.ACTIONS}
EC2: dict[str, Answer] = api_servers.EC2_ACTIONS
JSON: dict[str, Callable[[Account, Any], Any]] = api_watching.ACTIONS


@dataclass
class Api:
    """One account, and what it was asked to change."""

    path: Path
    address: str = ""
    calls: list[tuple[str, Form]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """What leads botocore here, with a log-in that works nowhere else."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def names(self) -> list[str]:
        """The changing calls, in their order."""
        return [name for name, _ in self.calls]

    def of(self, action: str) -> list[Form]:
        """The arguments of each call of an action."""
        return [form for name, form in self.calls if name == action]

    @contextmanager
    def account(self) -> Iterator[Account]:
        """For a test to look at, or to change."""
        with accounts.locked(self.path) as account:
            yield account

    def answered(self, body: str) -> bytes:
        """A form's answer, as XML."""
        form = {key: value[0] for key, value in urllib.parse.parse_qs(body).items()}
        action, version = form.pop("Action"), form.pop("Version", "")
        if not action.startswith(("Describe", "Get", "List")):
            self.calls.append((action, form))
        with accounts.locked(self.path) as account:
            if version == "2016-11-15":
                return f"<{action}Response>{EC2[action](account, form)}</{action}Response>".encode()
            inner = QUERY.get(action, _nothing)(account, form)
        return (
            f"<{action}Response><{action}Result>{inner}</{action}Result>"
            f"<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
        ).encode()

    def answered_in_json(self, action: str, body: str) -> bytes:
        """The answer of a service that speaks JSON."""
        with accounts.locked(self.path) as account:
            return json.dumps(JSON[action](account, json.loads(body or "{}"))).encode()


def _nothing(_account: Account, _form: Form) -> str:
    return ""


@contextmanager
def serving(path: Path) -> Iterator[Api]:
    """While entered, the APIs of the account in the file answer at `address`."""
    api = Api(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, api))
    api.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, api: Api, *args: Any) -> None:
        self._api = api
        super().__init__(*args)

    def log_message(self, *_: Any) -> None:
        """A test's output is its own."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        target = self.headers.get("x-amz-target")
        status = 200
        try:
            if target:
                answer = self._api.answered_in_json(target.rsplit(".", maxsplit=1)[-1], body)
            else:
                answer = self._api.answered(body)
        except Refusal as refusal:
            status, answer = 400, refusal.as_xml()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0" if target else "text/xml")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
