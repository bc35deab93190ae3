"""An update ends when enough servers serve, whatever failed meanwhile."""

import pytest

from release.errors import NotInServiceError
from release.in_service import InService
from release.server_group import ServerGroup
from tests.engine.doubles.aws.api import Api
from tests.engine.doubles.aws.fleet import Fleet
from tests.release.conftest import NAME
from tests.release.test_rollout import Clock

NO_CAPACITY = "We currently do not have sufficient m7i.large capacity in eu-central-1a"


def wait(least: int, *, said: list[str] | None = None, limit_s: float = 600) -> None:
    lines: list[str] = [] if said is None else said
    InService(
        group=ServerGroup(region="eu-central-1", account_id="123456789012", name=NAME),
        least=least,
        patience=Clock().patience(limit_s),
        say=lines.append,
    ).wait()


def test_more_servers_than_needed_are_as_good(api: Api) -> None:
    """A group that has scaled out has more than the state knows of."""
    with api.account() as account:
        Fleet(account).group(NAME).inputs["minSize"] = 4
    wait(3)


def test_a_launch_that_failed_ends_nothing(api: Api) -> None:
    said: list[str] = []
    with api.account() as account:
        Fleet(account).activities().append({"sentence": NO_CAPACITY, "times": 1})

    wait(3, said=said)

    assert said == [
        f"{NAME}: 0 of 3 servers in service; a launch failed, the group tries again: "
        f"{NO_CAPACITY} (0 s)"
    ]


def test_launches_that_go_on_failing_end_with_what_aws_says(api: Api) -> None:
    with api.account() as account:
        Fleet(account).activities().append({"sentence": NO_CAPACITY, "times": 1000})

    with pytest.raises(NotInServiceError, match=f"3 must be. Launches failed: {NO_CAPACITY}"):
        wait(3)


def test_a_server_that_does_not_serve_yet_does_not_count(api: Api) -> None:
    with api.account() as account:
        Fleet(account).groups([NAME])
        Fleet(account).servers(NAME)[0]["lifecycle"] = "Pending:Wait"

    with pytest.raises(NotInServiceError, match="2 servers are in service after 60 s"):
        wait(3, limit_s=60)


def test_a_group_that_went_away_is_not_waited_for(api: Api) -> None:
    with api.account() as account:
        account.remove(Fleet(account).group(NAME))

    with pytest.raises(NotInServiceError, match="no such group"):
        wait(1)
