"""Passwords: drawn once, secret everywhere, and never in the way of the next stack of the name."""

import json

import pulumi
import pytest

from components.aws.secrets import ClusterSecrets, ClusterSecretsArgs
from settings.aws.broker_passwords import fault_of
from tests.components.aws.sections import KEY_ARN, api_faults, recorded, surroundings
from tests.support.recorder import Recording

USES = (
    "database-app-password",
    "broker-app-password",
    "broker-operator-password",
    "administrator-password",
)


def secrets(
    *, recovery_days: int = 30, key_arn: str | None = KEY_ARN, protect: bool = True
) -> Recording:
    args = ClusterSecretsArgs(
        surroundings=surroundings(protect=protect), recovery_days=recovery_days, key_arn=key_arn
    )
    return recorded(lambda: ClusterSecrets("secrets", args))


def test_each_use_has_a_secret_of_its_own() -> None:
    made = secrets().of_type("secretsmanager/secret:Secret")

    assert {each.name for each in made} == {f"scipio-prod-{use}" for use in USES}
    assert all(each.inputs["description"] for each in made)


def test_no_name_is_fixed_because_a_deleted_secret_keeps_its_own() -> None:
    for each in secrets().of_type("secretsmanager/secret:Secret"):
        assert "name" not in each.inputs
        assert each.inputs["namePrefix"] == each.name.replace("prod-", "prod/", 1) + "-"


@pytest.mark.parametrize("days", [0, 7, 30])
def test_they_can_be_brought_back_for_as_long_as_the_stack_says(days: int) -> None:
    for each in secrets(recovery_days=days).of_type("secretsmanager/secret:Secret"):
        assert each.inputs["recoveryWindowInDays"] == days


@pytest.mark.parametrize("key_arn", [KEY_ARN, None])
def test_they_are_encrypted_with_the_stacks_key_or_amazons(key_arn: str | None) -> None:
    for each in secrets(key_arn=key_arn).of_type("secretsmanager/secret:Secret"):
        assert ("kmsKeyId" in each.inputs) is (key_arn is not None)


def test_the_values_are_secret_and_different_and_good_enough_for_the_broker() -> None:
    versions = secrets().of_type("SecretVersion")
    values = [each.inputs["secretString"] for each in versions]

    assert all(each.is_secret("secretString") for each in versions)
    assert len(set(values)) == len(USES)
    assert [fault_of(value) for value in values] == [None] * len(USES)


def test_a_value_stands_nowhere_but_in_its_secret() -> None:
    recording = secrets()
    values = [each.inputs["secretString"] for each in recording.of_type("SecretVersion")]

    for each in recording:
        if not each.type.endswith("SecretVersion"):
            assert not [value for value in values if value in json.dumps(each.inputs)]
    [outputs] = [each for each in recording.registered_outputs.values() if each.values]
    assert not [value for value in values if value in json.dumps(outputs.values)]


@pytest.mark.parametrize("protect", [True, False])
def test_what_holds_them_is_protected_by_the_stacks_switch(protect: bool) -> None:
    recording = secrets(protect=protect)

    for suffix in ("secretsmanager/secret:Secret", "GeneratedPassword"):
        assert {each.protect for each in recording.of_type(suffix)} == {protect}


def test_an_arn_is_known_only_when_there_is_something_to_read() -> None:
    seen: dict[str, frozenset[str]] = {}

    def make() -> ClusterSecrets:
        args = ClusterSecretsArgs(surroundings=surroundings(), recovery_days=7, key_arn=None)
        made = ClusterSecrets("secrets", args)
        pulumi.Output.all(
            made.database_app.arn,
            made.broker_app.arn,
            made.broker_operator.arn,
            made.administrator.arn,
        ).apply(lambda arns: seen.update(arns=frozenset(arns)))
        return made

    recording = recorded(make)

    assert seen["arns"] == {
        each.outputs["secretArn"] for each in recording.of_type("SecretVersion")
    }
    assert all(":secretsmanager:" in arn for arn in seen["arns"])


def test_aws_accepts_all_of_it() -> None:
    assert api_faults(secrets()) == []
