"""The whole list, the account's own silence, and the client as it meets the world."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3  # type: ignore[import-untyped] # it ships no types
import pytest

from account.errors import AccountError, MissingError, UnansweredError
from account.preflight import Preflight
from account.session import Aws
from account.table import summary
from account.taken_names import name_findings
from tests.account.answers import ScriptedAws, tagged
from tests.account.stacks import aws_settings, recorded_plan
from tests.support.server_process import free_port

CALLER = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/deployer/x"}


def preflight(aws: Aws) -> Preflight:
    return Preflight(
        aws=aws,
        plan=recorded_plan("prod"),
        settings=aws_settings("prod"),
        cluster="scipio-prod",
        now=datetime(2026, 12, 1, tzinfo=UTC),
    )


def test_another_account_is_asked_nothing_more() -> None:
    aws = ScriptedAws(answers={"sts.get_caller_identity": {**CALLER, "Account": "999999999999"}})
    [found] = preflight(aws).findings()
    assert found.verdict == "lacks"
    assert "aws.allowedAccountIds" in found.remedy


def test_a_question_without_permission_is_a_line_and_the_rest_is_asked() -> None:
    denied = UnansweredError("not allowed to ask: mq:DescribeBrokerInstanceOptions", "Allow it.")
    aws = ScriptedAws(
        answers={"sts.get_caller_identity": CALLER, "mq.describe_broker_instance_options": denied}
    )
    found = {each.subject: each for each in preflight(aws).findings()}
    assert found["Broker"].verdict == "unknown"
    assert list(found).index("Broker") < len(found) - 1
    assert "not known" in summary(list(found.values()))


def test_groups_of_another_with_the_clusters_names_are_in_the_way() -> None:
    plan = recorded_plan("prod")
    for tags, verdict in (([], "lacks"), (tagged("scipio-prod"), "fits")):
        groups = [{"AutoScalingGroupName": "scipio-prod-blue", "Tags": tags}]
        aws = ScriptedAws(
            answers={"autoscaling.describe_auto_scaling_groups": {"AutoScalingGroups": groups}}
        )
        found = {each.subject: each for each in name_findings(aws, plan, "scipio-prod")}
        assert found["Names of Auto Scaling groups"].verdict == verdict


def logged_in(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Aws:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "emulated")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "emulated")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return Aws("eu-central-1", boto3.Session())


def test_without_credentials_the_way_to_log_in_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(AccountError, match=r"No credentials of AWS.*aws sso login"):
        list(preflight(Aws("eu-central-1", boto3.Session())).findings())


def test_without_network_the_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = logged_in(monkeypatch, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(AccountError, match=r"AWS does not answer.*proxy"):
        list(preflight(aws).findings())


class Refusing(BaseHTTPRequestHandler):
    """Answers each request with the same refusal."""

    code = ""
    status = 400

    def do_POST(self) -> None:
        body = json.dumps({"__type": self.code, "message": "no"}).encode()
        if not self.code:
            body = b"<html>proxy</html>"
        self.send_response(self.status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("code", "status", "expected", "said"),
    [
        ("AccessDeniedException", 400, UnansweredError, "secretsmanager:ListSecrets"),
        ("ResourceNotFoundException", 400, MissingError, "ResourceNotFoundException"),
        ("ExpiredTokenException", 400, AccountError, "aws sso login"),
        ("InternalServiceError", 500, UnansweredError, "status 500"),
    ],
)
def test_each_refusal_says_what_it_means(
    monkeypatch: pytest.MonkeyPatch,
    refusing: str,
    code: str,
    status: int,
    expected: type[Exception],
    said: str,
) -> None:
    monkeypatch.setattr(Refusing, "code", code)
    monkeypatch.setattr(Refusing, "status", status)
    with pytest.raises(expected, match=said):
        logged_in(monkeypatch, refusing).ask("secretsmanager", "list_secrets")
