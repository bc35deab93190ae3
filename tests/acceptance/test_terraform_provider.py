"""Terraform's AWS provider, which Pulumi's is made of, takes every argument of every stack."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from account.deployer_policy import actions
from account.plan import Plan
from tests.acceptance import emulation
from tests.acceptance.emulation import CREDENTIALS, emulated
from tests.acceptance.gaps import NOT_MADE, NOT_READ_BACK, met
from tests.acceptance.schema import Schema
from tests.acceptance.terraform import Terraform, prepared_schema
from tests.acceptance.translation import Translation, providers, said_here, translated
from tests.account.stacks import recorded_plan
from tests.components.aws.stacks import StackName, record_aws
from tests.support.recorder import Recording

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(3600)]

IMAGE: Final = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio-erp@sha256:"
TWO_COLOURS: Final = {
    "release": {"blue": {"image": IMAGE + "1" * 64}, "green": {"image": IMAGE + "2" * 64}},
}
EVERYTHING_ON: Final = TWO_COLOURS | {
    "cdn": {"enabled": True},
    "balancer": {"backOfficeCidrs": [], "idleTimeoutS": 60},
}
STACKS: Final[Mapping[str, tuple[StackName, Mapping[str, Any]]]] = {
    "dev": ("dev", {}),
    "staging": ("staging", {}),
    "prod": ("prod", {}),
    "prod in two colours": ("prod", TWO_COLOURS),
}


@pytest.fixture(scope="session")
def schema() -> Schema:
    found = prepared_schema()
    if found is None:
        pytest.fail("Terraform's AWS provider is not here: `make acceptance-test` prepares it")
    return found


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """An emulator with nothing in it."""
    if not emulation.COMMAND.is_file():
        pytest.fail(f"there is no {emulation.COMMAND}: `make acceptance-test` installs it")
    with emulation.emulator(tmp_path / "emulator.log", emulation.LISTENING) as address:
        yield address


@pytest.mark.parametrize(
    ("stack", "changes"),
    [*STACKS.values(), ("prod", EVERYTHING_ON)],
    ids=[*STACKS, "prod with everything"],
)
def test_the_provider_takes_every_argument(
    stack: StackName, changes: Mapping[str, Any], schema: Schema, tmp_path: Path
) -> None:
    """Names, kinds, required ones, those that exclude each other, and the values of each."""
    recording = record_aws(stack, changes)
    made = translated(recording, schema)
    assert made.unknown == []
    assert _count(made) == len(said_here(recording, schema))
    terraform = Terraform.beginning(tmp_path)
    _configure(terraform, made.resources, recording, {})
    assert terraform.faults() == []


def test_an_argument_that_is_wrong_is_found(schema: Schema, tmp_path: Path) -> None:
    """Otherwise an empty list of faults would say nothing."""
    recording = record_aws("dev")
    made = translated(recording, schema)
    broker = next(iter(made.resources["aws_mq_broker"].values()))
    broker["deployment_mode"] = "TWO_OF_THEM"
    terraform = Terraform.beginning(tmp_path)
    _configure(terraform, made.resources, recording, {})
    assert len(terraform.faults()) == 1
    assert "deployment_mode" in terraform.faults()[0]


@pytest.mark.parametrize(("stack", "changes"), STACKS.values(), ids=STACKS)
def test_it_is_made_at_an_emulator_and_a_second_plan_is_empty(
    stack: StackName,
    changes: Mapping[str, Any],
    schema: Schema,
    tmp_path: Path,
    endpoint: str,
) -> None:
    """What is written there reads back as it was written: no update finds a difference."""
    recording = record_aws(stack, changes)
    made = translated(recording, schema)
    terraform = Terraform.beginning(tmp_path, endpoint)
    _configure(terraform, emulated(made), recording, CREDENTIALS)
    terraform.apply()
    assert terraform.changes() == {}
    _each_gap_is_one_still(terraform, made, recording)
    if stack == "dev":
        # The one without protection from it. Moto cannot delete the policy of a file system.
        assert [each for each in terraform.teardown() if "DeleteFileSystemPolicy" not in each] == []
    calls = emulation.calls_beside(tmp_path / "emulator.log").read_text(encoding="utf-8")
    assert _not_allowed(calls, recorded_plan(stack, changes)) == set()


OTHER_WORDS: Final[Mapping[str, str]] = {
    "monitoring:": "cloudwatch:",
    "s3:HeadBucket": "s3:ListBucket",
}
"""A call as it is signed, or its beginning → what policies call it."""

OF_THE_TEST: Final = frozenset(
    {"route53:createhostedzone", "route53:deletehostedzone", "route53:listtagsforresource"}
)
"""The zone that a stack is given is made here."""


def _not_allowed(calls: str, plan: Plan) -> set[str]:
    """What the provider asked for, and `make permissions` leaves out."""
    allowed = {each.lower() for each in actions(plan)} | OF_THE_TEST
    assert len(calls.splitlines()) > 100
    found = set()
    for call in set(calls.splitlines()):
        action = call
        for said, meant in OTHER_WORDS.items():
            action = action.replace(said, meant) if action.startswith(said) else action
        if action.lower() not in allowed:
            found.add(action)
    return found


def _each_gap_is_one_still(terraform: Terraform, made: Translation, recording: Recording) -> None:
    """The emulator lacks all of that which it is said to lack."""
    read_wrongly = {(address, gap.attribute) for address, gap in met(NOT_READ_BACK, made.resources)}
    _configure(terraform, emulated(made, not_read_back=()), recording, CREDENTIALS)
    changes = terraform.changes().items()
    assert read_wrongly <= {(address, each) for address, some in changes for each in some}

    not_made = {address for address, _ in met(NOT_MADE, made.resources)}
    _configure(terraform, emulated(made, not_made=()), recording, CREDENTIALS)
    refusal = terraform.refusal(not_made) if not_made else ""
    # What needs one of them is not tried.
    tried = {each for each in not_made if not not_made & set(_needs(made, each))}
    assert [address for address in tried if f"with {address}," not in refusal] == []


def _needs(made: Translation, address: str) -> list[str]:
    type_, name = address.split(".")
    needs: list[str] = made.resources[type_][name].get("depends_on", [])
    return needs


def test_a_gap_is_met_by_one_of_the_stacks_at_least(schema: Schema) -> None:
    """What no stack runs into would stand on the list unproved."""
    translations = [translated(record_aws(*each), schema) for each in STACKS.values()]
    proved = {
        gap for made in translations for _, gap in met(NOT_MADE + NOT_READ_BACK, made.resources)
    }
    assert proved == {*NOT_MADE, *NOT_READ_BACK}


def _configure(
    terraform: Terraform,
    resources: Mapping[str, Any],
    recording: Recording,
    more: Mapping[str, Any],
) -> None:
    own = [{**each, **more} for each in providers(recording)]
    terraform.write("stack", {"resource": resources, "provider": {"aws": own}})


def _count(made: Translation) -> int:
    return sum(len(named) for named in made.resources.values())
