"""Which calls Terraform's AWS provider makes, and in which order, when a group changes.

Pulumi's provider is made of it. What the program registers for the group of `prod` is applied
against Auto Scaling's API of the double, which keeps every call.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from release.alarms import CloudWatchAlarms
from release.errors import RolloutFailedError
from release.patience import Patience
from release.rollout import Rollout
from release.server_group import Replacement, ServerGroup
from tests.acceptance.schema import Schema
from tests.acceptance.terraform import Terraform, prepared_schema
from tests.acceptance.translation import translated
from tests.components.aws.stacks import record_aws
from tests.engine.doubles.aws.account import Thing
from tests.engine.doubles.aws.api import Api, serving
from tests.engine.doubles.aws.fleet import TEMPLATE, Fleet

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

GROUP: Final = "scipio-prod-blue"
TEMPLATE_ID: Final = "lt-0123456789abcdef0"
LEFT_OUT: Final = (
    # Answered by other services, none of which is here.
    "provider",
    "depends_on",
    "target_group_arns",
    # The double does not say them again; none has to do with versions or sizes.
    "default_instance_warmup",
    "enabled_metrics",
    "health_check_grace_period",
    "health_check_type",
    "initial_lifecycle_hook",
    "instance_maintenance_policy",
    "suspended_processes",
    "tag",
    "termination_policies",
)
ACCOUNT: Final = "123456789012"


@pytest.fixture(scope="module")
def registered() -> dict[str, Any]:
    """The group of `prod`, in Terraform's words."""
    schema: Schema | None = prepared_schema()
    assert schema is not None, "`make acceptance-test` prepares Terraform's AWS provider"
    groups = translated(record_aws("prod"), schema).resources["aws_autoscaling_group"]
    found = dict(next(each for each in groups.values() if each["name"] == GROUP))
    return {key: value for key, value in found.items() if key not in LEFT_OUT}


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """Auto Scaling, with a launch template of two versions."""
    with serving(tmp_path / "account.json") as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        with made.account() as account:
            versions = [{"image": "old"}, {"image": "new"}]
            account.things.append(
                Thing(TEMPLATE, TEMPLATE_ID, GROUP, versions[1], {}, earlier=versions[:1])
            )
        yield made


@pytest.fixture
def terraform(tmp_path: Path, api: Api) -> Terraform:
    folder = tmp_path / "terraform"
    folder.mkdir()
    made = Terraform.beginning(folder, api.address)
    provider = {
        "region": "eu-central-1",
        "access_key": "a",
        "secret_key": "b",
        "skip_credentials_validation": True,
        "skip_requesting_account_id": True,
        "skip_metadata_api_check": "true",
        "max_retries": 1,
    }
    made.write("provider", {"provider": {"aws": provider}})
    return made


def apply(terraform: Terraform, registered: dict[str, Any], version: str, **changes: Any) -> None:
    template = {"id": TEMPLATE_ID, "version": version}
    body = registered | {
        "launch_template": [template],
        "vpc_zone_identifier": ["subnet-1"],
        **changes,
    }
    terraform.write("group", {"resource": {"aws_autoscaling_group": {"blue": body}}})
    terraform.apply()


def roll_out(version: str) -> str:
    return Rollout(
        group=ServerGroup(region="eu-central-1", account_id=ACCOUNT, name=GROUP),
        alarms=CloudWatchAlarms("eu-central-1"),
        template_id=TEMPLATE_ID,
        version=version,
        how=Replacement(min_healthy_percent=100, max_healthy_percent=150, alarms=()),
        patience=Patience(limit_s=600, sleep=lambda _: None),
        say=lambda _: None,
    ).run()


def test_the_version_is_written_after_the_servers_were_replaced(
    api: Api, terraform: Terraform, registered: dict[str, Any]
) -> None:
    apply(terraform, registered, "1")
    assert "StartInstanceRefresh" not in api.names()
    api.calls.clear()

    apply(terraform, registered, roll_out("2"))

    writes = [
        name
        for name, form in api.calls
        if name == "StartInstanceRefresh" or "LaunchTemplate.Version" in form
    ]
    assert writes[0] == "StartInstanceRefresh"
    assert writes.count("StartInstanceRefresh") == 1, "the provider starts none of its own"
    api.calls.clear()
    apply(terraform, registered, "2")
    assert api.calls == [], "and state and group agree"


def test_after_a_failed_release_group_and_state_agree_on_the_old_version(
    api: Api, terraform: Terraform, registered: dict[str, Any]
) -> None:
    apply(terraform, registered, "1")
    with api.account() as account:
        account.life["bad"] = {"2": "no server got healthy"}

    with pytest.raises(RolloutFailedError, match="no server got healthy"):
        roll_out("2")

    assert terraform.changes() == {}
    api.calls.clear()
    apply(terraform, registered, "1", min_size=3)
    assert not [form for _, form in api.calls if "LaunchTemplate.Version" in form]
    with api.account() as account:
        Fleet(account).groups([GROUP])
        assert {each["version"] for each in Fleet(account).servers(GROUP)} == {"1"}


def test_a_provider_left_to_itself_writes_the_version_first(
    api: Api, terraform: Terraform, registered: dict[str, Any]
) -> None:
    """Why the program does not leave a release to it; the day this fails, it may again."""
    refresh = {"instance_refresh": [{"strategy": "Rolling"}]}
    apply(terraform, registered, "1", **refresh)
    api.calls.clear()

    apply(terraform, registered, "2", **refresh)

    assert api.names() == ["UpdateAutoScalingGroup", "StartInstanceRefresh"]
    assert api.of("UpdateAutoScalingGroup")[0]["LaunchTemplate.Version"] == "2"


def test_the_smallest_size_is_raised_while_scaling_has_made_more(
    api: Api, terraform: Terraform, registered: dict[str, Any]
) -> None:
    """The state knows of two servers, and there are four."""
    apply(terraform, registered, "1", min_size=2)
    with api.account() as account:
        Fleet(account).group(GROUP).inputs["minSize"] = 4
        Fleet(account).groups([GROUP])
        Fleet(account).group(GROUP).inputs["minSize"] = 2

    apply(terraform, registered, "1", min_size=3)

    [update] = api.of("UpdateAutoScalingGroup")
    assert update["MinSize"] == "3"
    with api.account() as account:
        assert len(Fleet(account).servers(GROUP)) == 4


def test_a_launch_that_fails_does_not_end_the_update(
    api: Api, terraform: Terraform, registered: dict[str, Any]
) -> None:
    with api.account() as account:
        sentence = "insufficient m7i.large capacity in eu-central-1a"
        Fleet(account).activities().append({"sentence": sentence, "times": 1})

    apply(terraform, registered, "1")

    assert api.names().count("CreateAutoScalingGroup") == 1
