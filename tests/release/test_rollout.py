"""A release replaces servers, is waited for, and leaves the old version in place when it fails."""

from collections.abc import Sequence
from typing import Any

import pytest

from release.alarms import CloudWatchAlarms
from release.errors import CloudError, RolloutFailedError
from release.patience import Patience
from release.rollout import Rollout
from release.server_group import Replacement, ServerGroup
from tests.engine.doubles.aws.account import Thing
from tests.engine.doubles.aws.api import Api
from tests.engine.doubles.aws.fleet import TEMPLATE, Fleet
from tests.release.conftest import NAME, TEMPLATE_ID

REGION = "eu-central-1"
ALARM = "scipio-prod-server-errors-1a2b3c4"


class Clock:
    """Time passes by sleeping alone."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def patience(self, limit_s: float) -> Patience:
        return Patience(limit_s=limit_s, now=lambda: self.now_s, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now_s += seconds


def roll_out(
    version: str,
    *,
    alarms: Sequence[str] = (ALARM,),
    said: list[str] | None = None,
    each_s: float = 600,
    account_id: str = "123456789012",
    template_id: str = TEMPLATE_ID,
) -> str:
    lines: list[str] = [] if said is None else said
    return Rollout(
        group=ServerGroup(region=REGION, account_id=account_id, name=NAME),
        alarms=CloudWatchAlarms(REGION),
        template_id=template_id,
        version=version,
        how=Replacement(min_healthy_percent=100, max_healthy_percent=150, alarms=alarms),
        patience=Clock().patience(each_s),
        say=lines.append,
    ).run()


def make_bad(api: Api, version: str, reason: str = "An alarm went off") -> None:
    with api.account() as account:
        account.life["bad"] = {version: reason}


def running(api: Api) -> tuple[str, set[Any]]:
    """The group's version, and those of its servers."""
    with api.account() as account:
        fleet = Fleet(account)
        return fleet.version(NAME), {each["version"] for each in fleet.servers(NAME)}


def test_the_group_keeps_its_version_until_the_refresh_has_succeeded(api: Api) -> None:
    said: list[str] = []

    assert roll_out("2", said=said) == "2"

    assert api.names() == ["StartInstanceRefresh", "ModifyLaunchTemplate"]
    [asked] = api.of("StartInstanceRefresh")
    assert asked["DesiredConfiguration.LaunchTemplate.Version"] == "2"
    assert asked["DesiredConfiguration.LaunchTemplate.LaunchTemplateId"] == TEMPLATE_ID
    assert asked["Preferences.AutoRollback"] == "true"
    assert asked["Preferences.SkipMatching"] == "true"
    assert asked["Preferences.MinHealthyPercentage"] == "100"
    assert asked["Preferences.MaxHealthyPercentage"] == "150"
    assert asked["Preferences.AlarmSpecification.Alarms.member.1"] == ALARM
    assert running(api) == ("2", {"2"})
    assert said[0].startswith(f"{NAME}: replacing servers by those of version 2")
    assert any("% done" in line for line in said)
    assert said[-1] == f"{NAME}: all servers run version 2."


def test_a_failed_release_leaves_the_old_version_for_the_next_server_too(api: Api) -> None:
    make_bad(api, "2", "Alarm(s) scipio-prod-server-errors went into ALARM state")
    said: list[str] = []

    with pytest.raises(RolloutFailedError) as failed:
        roll_out("2", said=said)

    assert "version 2 failed (RollbackSuccessful)" in str(failed.value)
    assert "scipio-prod-server-errors went into ALARM" in str(failed.value)
    assert "starts servers of version 1, and all of its servers run it" in str(failed.value)
    assert any("TAKING THE OLD SERVERS BACK" in line for line in said)
    assert "ModifyLaunchTemplate" not in api.names()
    with api.account() as account:
        Fleet(account).group(NAME).inputs["minSize"] = 4
    assert running(api) == ("1", {"1"})
    with api.account() as account:
        Fleet(account).groups([NAME])
        assert [each["version"] for each in Fleet(account).servers(NAME)] == ["1"] * 4


def test_a_group_that_names_the_new_version_first_cannot_go_back(api: Api) -> None:
    """The double is as AWS is: this is why the provider may not write the version."""
    make_bad(api, "2")
    with api.account() as account:
        Fleet(account).group(NAME).inputs["launchTemplate"]["version"] = "2"

    with pytest.raises(RolloutFailedError, match="names version 2 all the same"):
        roll_out("2")

    assert running(api) == ("2", {"2"})


def test_the_way_back_replaces_nobody(api: Api) -> None:
    """The old image is a third version of the template, and the same servers as the first."""
    make_bad(api, "2")
    with pytest.raises(RolloutFailedError):
        roll_out("2")
    with api.account() as account:
        template = account.find("aws:ec2/launchTemplate:LaunchTemplate", TEMPLATE_ID)
        assert template is not None
        template.earlier.append(template.inputs)
        template.inputs = {"image": "old"}
    api.calls.clear()

    assert roll_out("3") == "1"

    assert api.calls == []


def test_servers_of_a_release_that_was_cut_off_are_replaced_on_the_way_back(api: Api) -> None:
    with api.account() as account:
        Fleet(account).groups([NAME])
        Fleet(account).servers(NAME)[0]["version"] = "2"

    assert roll_out("1") == "1"

    assert running(api) == ("1", {"1"})


def test_the_same_command_again_goes_on_waiting(api: Api) -> None:
    """After a Ctrl-C, say: AWS goes on by itself."""
    with api.account() as account:
        Fleet(account).start_refresh(NAME, "2")

    assert roll_out("2") == "2"

    assert "StartInstanceRefresh" not in api.names()


def test_a_release_to_another_version_is_called_off_first(api: Api) -> None:
    with api.account() as account:
        Fleet(account).start_refresh(NAME, "9")

    assert roll_out("2") == "2"

    assert api.names()[:2] == ["CancelInstanceRefresh", "StartInstanceRefresh"]
    assert running(api) == ("2", {"2"})


def test_alarms_that_ring_already_are_named_before_anything_is_touched(api: Api) -> None:
    with api.account() as account:
        account.life["ringing"] = {ALARM: "Threshold Crossed: 900 > 50"}

    with pytest.raises(RolloutFailedError, match=r"900 > 50.*ALARMS=ignore"):
        roll_out("2")

    assert api.calls == []


def test_a_release_that_mends_an_outage_leaves_the_alarms_out(api: Api) -> None:
    with api.account() as account:
        account.life["ringing"] = {ALARM: "Threshold Crossed: 900 > 50"}

    assert roll_out("2", alarms=()) == "2"

    [asked] = api.of("StartInstanceRefresh")
    assert not [key for key in asked if "Alarm" in key]


def test_a_group_that_is_not_there_yet_is_made_with_the_version(api: Api) -> None:
    with api.account() as account:
        account.remove(Fleet(account).group(NAME))

    assert roll_out("2") == "2"

    assert api.calls == []


def test_another_template_is_another_release(api: Api) -> None:
    with api.account() as account:
        account.things.append(Thing(TEMPLATE, "lt-other", "other", {"image": "new"}, {}))

    assert roll_out("1", template_id="lt-other") == "1"

    [asked] = api.of("StartInstanceRefresh")
    assert asked["DesiredConfiguration.LaunchTemplate.LaunchTemplateId"] == "lt-other"


def test_a_wait_has_an_end_and_says_how_it_goes_on(api: Api) -> None:
    with pytest.raises(RolloutFailedError, match=r"not ended within 3 s.*rollback-instance"):
        roll_out("2", each_s=0.5)


def test_a_log_in_to_another_account_touches_nothing(api: Api) -> None:
    with pytest.raises(CloudError, match="account 123456789012, and this stack in 999999999999"):
        roll_out("2", account_id="999999999999")

    assert api.calls == []


def test_an_answer_of_aws_that_says_no_is_one_sentence(api: Api) -> None:
    """Named by the service and its operation; no traceback, no XML."""
    with pytest.raises(CloudError, match=r"ec2, modify_launch_template: .*NotFound"):
        ServerGroup(region=REGION, account_id="123456789012", name=NAME).name_default("lt-9", "1")
