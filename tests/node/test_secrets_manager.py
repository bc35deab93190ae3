"""Secrets from AWS Secrets Manager: a stand-in answers, the client is AWS's own."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.cluster_document import FileSecret, SecretsManagerSecret
from node.errors import ConfigurationError, NodeError, SecretsUnavailableError
from node.secrets import SecretStores
from node.secrets_manager import Patience, SecretsManagerStore
from tests.node.aws_stand_in import ACCESS_KEY, Answer, AwsStandIn, aws_stand_in, refusal

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:scipio-app-AbCdEf"
VALUE = "Very-Secret-9x"
THROTTLED = refusal("ThrottlingException", "Rate exceeded")
DENIED = refusal(
    "AccessDeniedException",
    f"User: arn:aws:sts::123456789012:assumed-role/r/i is not authorized to perform: "
    f"secretsmanager:GetSecretValue on resource: {ARN}",
)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AwsStandIn]:
    """Nothing of this machine's own configuration of AWS counts."""
    with aws_stand_in() as stand_in:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        for name, value in stand_in.environment.items():
            monkeypatch.setenv(name, value)
        stand_in.secrets[ARN] = {"SecretString": VALUE}
        yield stand_in


def reference(key: str | None = None) -> SecretsManagerSecret:
    return SecretsManagerSecret(arn=ARN, key=key)


def hasty(attempts: int = 3) -> SecretsManagerStore:
    """Gives up soon."""
    return SecretsManagerStore(
        Patience(
            connect_timeout_s=0.5,
            read_timeout_s=0.3,
            attempts=attempts,
            metadata_timeout_s=1,
            metadata_attempts=1,
        )
    )


def test_the_value_is_fetched_with_the_servers_role_in_the_region_of_the_arn(
    aws: AwsStandIn,
) -> None:
    assert SecretsManagerStore().value(reference()) == VALUE
    [request] = aws.asked
    assert request["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert f"Credential={ACCESS_KEY}/" in request["authorization"]
    assert "/eu-central-1/secretsmanager/aws4_request" in request["authorization"]
    assert request["x-amz-security-token"] == "role-session-token"


def test_a_key_picks_one_value_of_a_json_secret_and_two_keys_are_one_request(
    aws: AwsStandIn,
) -> None:
    """Such is the master secret that RDS manages."""
    aws.secrets[ARN] = {"SecretString": json.dumps({"username": "postgres", "password": VALUE})}
    store = SecretsManagerStore()
    assert store.value(reference("password")) == VALUE
    assert store.value(reference("username")) == "postgres"
    assert len(aws.asked) == 1


def test_throttling_and_faults_of_the_service_are_tried_again(aws: AwsStandIn) -> None:
    aws.first.extend([THROTTLED, refusal("InternalServiceError", "oops", 500)])
    assert SecretsManagerStore().value(reference()) == VALUE
    assert len(aws.asked) == 3


def test_a_service_that_never_recovers_is_given_up_on(aws: AwsStandIn) -> None:
    aws.first.extend([THROTTLED] * 10)
    with pytest.raises(SecretsUnavailableError, match="Rate exceeded") as refused:
        hasty().value(reference())
    assert ARN in str(refused.value)
    assert len(aws.asked) == 3


def test_a_service_that_is_silent_is_given_up_on(aws: AwsStandIn) -> None:
    aws.first.extend([Answer({}, silent=True)] * 10)
    begun = time.monotonic()
    with pytest.raises(SecretsUnavailableError, match=r"ReadTimeoutError.*tried 2 times"):
        hasty(attempts=2).value(reference())
    assert time.monotonic() - begun < 10
    assert len(aws.asked) == 2


def test_a_service_that_nobody_listens_for_is_unavailable(
    aws: AwsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:1")
    with pytest.raises(SecretsUnavailableError, match="interface endpoint"):
        hasty(attempts=1).value(reference())


def test_a_server_without_a_role_is_told_what_it_needs(aws: AwsStandIn) -> None:
    aws.role = None
    with pytest.raises(SecretsUnavailableError, match=r"instance profile.*hop limit of 2"):
        hasty(attempts=1).value(reference())
    assert aws.asked == []


def test_a_metadata_service_that_is_out_of_reach_is_told_apart_from_the_store(
    aws: AwsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a container behind a hop limit of 1."""
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(SecretsUnavailableError, match="has no credentials"):
        hasty(attempts=1).value(reference())
    assert aws.asked == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (DENIED, "must allow secretsmanager:GetSecretValue on this ARN"),
        (
            refusal("AccessDeniedException", "Access to KMS is not allowed"),
            "must allow kms:Decrypt",
        ),
        (refusal("DecryptionFailure", "The key is disabled."), "the key must be enabled"),
        (refusal("UnrecognizedClientException", "The token is invalid."), "clock is right"),
        (
            refusal("ResourceNotFoundException", "can't find value for AWSCURRENT"),
            "has no value",
        ),
        (
            refusal("InvalidRequestException", "was marked for deletion"),
            "about to be deleted",
        ),
    ],
)
def test_a_refusal_that_waiting_does_not_cure_says_what_to_do(
    aws: AwsStandIn, answer: Answer, message: str
) -> None:
    """It is not repeated, names the ARN and carries AWS's own words."""
    aws.first.append(answer)
    with pytest.raises(ConfigurationError, match=message) as refused:
        SecretsManagerStore().value(reference())
    assert ARN in str(refused.value)
    assert answer.body["message"] in str(refused.value)
    assert len(aws.asked) == 1


@pytest.mark.parametrize(
    ("stored", "key", "message"),
    [
        ({"SecretBinary": "AAEC"}, None, "is binary"),
        ({"SecretString": "\n"}, None, "is empty"),
        ({"SecretString": f"{VALUE}\0"}, None, "zero byte"),
        ({"SecretString": VALUE}, "password", "is no JSON object"),
        ({"SecretString": f'["{VALUE}"]'}, "password", "is no JSON object"),
        ({"SecretString": f'{{"pass": "{VALUE}"}}'}, "password", "is not in the JSON object"),
        ({"SecretString": f'{{"password": ["{VALUE}"]}}'}, "password", "is no text"),
        ({"SecretString": f'{{"password": "{VALUE}'}, "password", "is no JSON object"),
        ({"SecretString": '{"password": ""}'}, "password", "is empty"),
    ],
)
def test_an_unusable_secret_is_named_and_never_shown(
    aws: AwsStandIn, stored: dict[str, str], key: str | None, message: str
) -> None:
    aws.secrets[ARN] = stored
    with pytest.raises(ConfigurationError, match=message) as refused:
        SecretsManagerStore().value(reference(key))
    assert ARN in str(refused.value)
    assert VALUE not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_answer_that_cannot_be_read_is_not_shown(aws: AwsStandIn) -> None:
    """A proxy in between may answer anything; what it says may hold the value."""
    aws.first.extend([Answer({"SecretString": VALUE, "padding": "x"}, status=502)] * 10)
    with pytest.raises(NodeError) as refused:
        hasty(attempts=1).value(reference())
    assert VALUE not in str(refused.value)


def test_an_arn_without_a_region_is_refused(aws: AwsStandIn) -> None:
    with pytest.raises(ConfigurationError, match="names no region"):
        SecretsManagerStore().value(SecretsManagerSecret(arn="arn:aws:secretsmanager::1:secret:x"))


def test_each_reference_is_read_from_its_own_store(aws: AwsStandIn, tmp_path: Path) -> None:
    (tmp_path / "messaging").write_text("of a file\n")
    stores = SecretStores(tmp_path, tmp_path / "preparation")
    assert stores.value(FileSecret(name="messaging")) == "of a file"
    assert stores.value(reference()) == VALUE


def test_the_store_does_not_show_values(aws: AwsStandIn) -> None:
    store = SecretsManagerStore()
    store.value(reference())
    assert VALUE not in repr(store)
