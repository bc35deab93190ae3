"""The stacks of this project on AWS, from the first preview to the last deletion.

The engine is the real one, and so are dependency order, state and secrets; AWS is a double.
"""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.program import program
from policies.rule import Profile, Resource
from policies.rules import faults_of
from tests.engine.aws_stack import AwsStack
from tests.engine.doubles.aws.fleet import Fleet

ROOT = Path(__file__).resolve().parents[2]

GROUP = "aws:autoscaling/group:Group"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ROLLOUT = "pulumi-python:dynamic/scipio:GroupRollout"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
BROKER = "aws:mq/broker:Broker"
KEY = "aws:kms/key:Key"
RECORD = "aws:route53/record:Record"
"""That by which a certificate's name is proved: other stacks' certificates renew by it too."""
VAULT = "aws:backup/vault:Vault"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

pytestmark = [
    pytest.mark.engine,
    # A whole stack is some two hundred resources, and is made, kept and removed.
    pytest.mark.timeout(1200),
]

Sections = dict[str, Any]


def stack_file(name: str) -> Sections:
    """The configuration of a stack as it is shipped."""
    text = (ROOT / "stacks" / f"Pulumi.{name}.yaml").read_text(encoding="utf-8")
    config: Sections = yaml.safe_load(text)["config"]
    return config


def configured(stack: AwsStack, name: str, **changes: Mapping[str, Any]) -> None:
    """The stack with the shipped file, and some keys of some sections changed."""
    sections = stack_file(name)
    for section, keys in changes.items():
        sections[f"scipio:{section}"] = {**sections.get(f"scipio:{section}", {}), **keys}
    stack.set_all_config(sections)


def image(digit: str) -> dict[str, str]:
    """Another image for each digit."""
    repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scipio-erp"
    return {"existing": f"{repository}@sha256:{digit * 64}"}


def built_from(folder: Path) -> dict[str, Any]:
    """An image of a few files that nobody edits while the test runs."""
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    build = {"context": str(folder), "dockerfile": f"{folder}/Dockerfile", "target": None}
    return {"build": build}


@pytest.mark.parametrize("aws_stack", ["dev", "staging"], indirect=True)
def test_a_stack_without_protection_is_made_stays_and_goes(
    aws_stack: AwsStack, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    name = request.node.callspec.params["aws_stack"]
    configured(aws_stack, name, image=built_from(tmp_path / "image"))
    planned = aws_stack.preview(program)
    assert planned.error == ""
    assert aws_stack.things() == []
    made = aws_stack.up(program)
    assert made.error == ""
    assert made.summary == planned.summary
    assert aws_stack.up(program).changed == set()
    holds_no_secret_in_clear(aws_stack, made.log)
    has_no_two_of_one_urn(aws_stack)
    keeps_the_policies(aws_stack, name)
    gone = aws_stack.destroy()
    assert gone.error == ""
    assert types_of_what_stays(aws_stack) == ({RECORD} if name == "dev" else {RECORD, KEY})
    assert aws_stack.unreadable() == []


@pytest.mark.parametrize("aws_stack", ["prod"], indirect=True)
def test_production_is_deleted_only_once_its_protection_is_off(aws_stack: AwsStack) -> None:
    configured(aws_stack, "prod")
    made = aws_stack.up(program)
    assert made.error == ""
    assert aws_stack.preview(program).changed == set()
    holds_no_secret_in_clear(aws_stack, made.log)
    has_no_two_of_one_urn(aws_stack)
    keeps_the_policies(aws_stack, "prod")
    # Asked first, as `pulumi destroy` does: told to skip that, the engine deletes all the rest.
    refused = aws_stack.preview_destroy()
    assert "because it is protected" in refused.error
    configured(aws_stack, "prod", aws={"protection": False})
    assert aws_stack.up(program).error == ""
    aws_stack.fill(":Vault")
    assert aws_stack.destroy().error == ""
    assert types_of_what_stays(aws_stack) == {RECORD, KEY, VAULT, LOG_GROUP}
    assert [id_ for id_ in aws_stack.left() if id_.endswith("-final")] != []
    assert aws_stack.unreadable() == []


@pytest.mark.parametrize("aws_stack", ["recovery"], indirect=True)
def test_the_cluster_comes_up_in_the_second_region_of_what_is_there(aws_stack: AwsStack) -> None:
    """Files and image are named, and of the snapshot the double knows size and version."""
    configured(aws_stack, "recovery")
    planned = aws_stack.preview(program)
    assert planned.error == ""
    assert planned.summary["create"] > 100


@pytest.mark.parametrize("aws_stack", ["dev"], indirect=True)
def test_a_change_touches_what_it_is_about_and_nothing_else(aws_stack: AwsStack) -> None:
    """A new image is a new version of the template and a refresh; sizes are the group's alone."""
    configured(aws_stack, "dev", image=image("1"))
    aws_stack.fail_once("create", BROKER, "scipio-dev-broker")
    assert aws_stack.up(program).said("InternalFailure: AWS was asked to fail")
    assert aws_stack.up(program).error == "", "an update repairs what an error of AWS left"
    assert aws_stack.preview(program).changed == set()

    configured(aws_stack, "dev", image=image("2"))
    released = {
        (LAUNCH_TEMPLATE, "scipio-dev-blue"),
        (ROLLOUT, "scipio-dev-blue-rollout"),
        (GROUP, "scipio-dev-blue"),
    }
    assert aws_stack.preview(program).changed == released
    up = aws_stack.up(program)
    assert up.changed == released
    assert up.said("scipio-dev-blue: all servers run version 2.")
    assert versions(aws_stack) == ("2", {"2"})
    assert aws_stack.preview(program).changed == set()

    configured(aws_stack, "dev", image=image("2"), servers={"max": 3})
    assert aws_stack.preview(program).changed == {(GROUP, "scipio-dev-blue")}


@pytest.mark.parametrize("aws_stack", ["dev"], indirect=True)
def test_a_failed_release_is_said_and_leaves_the_old_version_everywhere(
    aws_stack: AwsStack,
) -> None:
    """In the group, its servers, the template's default and the state; and the way back is free."""
    configured(aws_stack, "dev", image=image("1"))
    assert aws_stack.up(program).error == ""
    with aws_stack.api.account() as account:
        account.life["bad"] = {"2": "Alarm(s) scipio-dev-server-errors went into ALARM state"}
    configured(aws_stack, "dev", image=image("2"))

    failed = aws_stack.up(program)

    assert failed.error != ""
    assert failed.said("scipio-dev-blue: replacing servers by those of version 2")
    assert failed.said("TAKING THE OLD SERVERS BACK")
    [(severity, _, why)] = failed.said("the release to version 2 failed (RollbackSuccessful)")
    assert severity == "error"
    assert "went into ALARM state" in why
    assert "Traceback" not in failed.log
    assert versions(aws_stack) == ("1", {"1"})
    [template] = aws_stack.of_type(":LaunchTemplate")
    assert template["outputs"]["defaultVersion"] == 1
    kept = {each["urn"].split("::")[-1]: each for each in aws_stack.exported() if "id" in each}
    assert kept["scipio-dev-blue"]["type"] != ROLLOUT
    assert kept["scipio-dev-blue-rollout"]["outputs"]["version"] == "1"

    configured(aws_stack, "dev", image=image("1"))
    before = servers(aws_stack)
    back = aws_stack.up(program)
    assert back.error == ""
    assert back.changed == {
        (LAUNCH_TEMPLATE, "scipio-dev-blue"),
        (ROLLOUT, "scipio-dev-blue-rollout"),
    }
    assert servers(aws_stack) == before, "nobody is logged out"
    assert aws_stack.preview(program).changed == set()

    configured(aws_stack, "dev", image=image("1"), servers={"min": 2})
    assert aws_stack.up(program).error == ""
    assert versions(aws_stack) == ("1", {"1"})


def servers(stack: AwsStack) -> list[Any]:
    """Of the one group: id and version of each."""
    with stack.api.account() as account:
        Fleet(account).groups(["scipio-dev-blue"])
        return list(Fleet(account).servers("scipio-dev-blue"))


def versions(stack: AwsStack) -> tuple[str, set[str]]:
    """What the group starts, and what its servers are."""
    with stack.api.account() as account:
        version = Fleet(account).version("scipio-dev-blue")
    return version, {each["version"] for each in servers(stack)}


def types_of_what_stays(stack: AwsStack) -> set[str]:
    """Of what nobody deletes: not the engine, and not AWS by itself."""
    return {thing["type"] for thing in stack.things()}


def holds_no_secret_in_clear(stack: AwsStack, log: str) -> None:
    """Not in the state, its backups and history, an export, user data, or what was printed."""
    secrets = {
        thing["inputs"]["secretString"]: thing["name"] for thing in stack.of_type(":SecretVersion")
    }
    assert len(secrets) >= 4
    places = {
        "state": stack.state_on_disk(),
        "export": json.dumps(stack.exported()),
        "log": log,
        "user data": "\n".join(user_data(stack)),
    }
    found = [
        f"{name} is in the {place}"
        for secret, name in secrets.items()
        for place, text in places.items()
        if secret in text
    ]
    assert found == []


def user_data(stack: AwsStack) -> list[str]:
    """Of every launch template."""
    templates = stack.of_type(":LaunchTemplate")
    return [base64.b64decode(each["inputs"]["userData"]).decode() for each in templates]


def has_no_two_of_one_urn(stack: AwsStack) -> None:
    counted = Counter(resource["urn"] for resource in stack.exported())
    assert [urn for urn, times in counted.items() if times > 1] == []


def keeps_the_policies(stack: AwsStack, profile: Profile) -> None:
    """With every id known, as no preview knows them."""
    resources = [
        Resource(type=each["type"], name=each["urn"].split("::")[-1], inputs=each["inputs"])
        for each in stack.exported()
        if "inputs" in each
    ]
    assert faults_of(resources, profile) == []


@pytest.mark.parametrize("aws_stack", ["dev"], indirect=True)
def test_a_switch_of_colours_changes_the_weights_and_nothing_else(aws_stack: AwsStack) -> None:
    """And the colour that visitors may still be on is not dropped."""
    blue, green = image("1")["existing"], image("2")["existing"]
    both = {"mode": "bluegreen", "blue": {"image": blue}, "green": {"image": green}}
    configured(aws_stack, "dev", image=image("1"), release=both)
    assert aws_stack.up(program).error == ""
    switch = {**both, "active": "green", "watchS": 0}
    configured(aws_stack, "dev", image=image("1"), release=switch)
    switched = aws_stack.up(program)
    assert switched.error == ""
    # Schedules are the active group's, so their component moves with it.
    of_aws = {change for change in switched.changed if change[0].startswith("aws:")}
    forwarding = ("400", "500", "501", "700")
    assert of_aws == {(LISTENER_RULE, f"scipio-dev-rule-{rule}") for rule in forwarding}

    dropped = {**switch, "blue": None}
    configured(aws_stack, "dev", image=image("1"), release=dropped)
    blue_group = aws_stack.exported_named("scipio-dev-blue", TARGET_GROUP)["outputs"]["arnSuffix"]
    with aws_stack.api.account() as account:
        account.life["requests"] = {blue_group: 1200}
    assert aws_stack.preview(program).said("blue is still used (last request ")
    assert aws_stack.up(program).said("blue is still used (last request ")
    assert len(aws_stack.of_type(":Group")) == 2
    with aws_stack.api.account() as account:
        account.life["requests"] = {blue_group: 3600 + 400}
    assert aws_stack.up(program).error == ""
    assert [each["name"] for each in aws_stack.of_type(":Group")] == ["scipio-dev-green"]
