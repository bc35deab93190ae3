"""What CloudWatch and a real HAProxy say of the use of a colour."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from release.colour_use import use_of
from release.errors import EvidenceError
from tests.engine.doubles.aws.api import Api
from tests.support.server_process import wait_until
from tests.templates.balanced import Balanced, two_colours

BLUE = "targetgroup/scipio-prod-blue/0123456789abcdef"
PLACE = {"region": "eu-central-1", "targetGroup": BLUE, "loadBalancer": "app/scipio-prod/0a1b"}


@pytest.mark.parametrize("ago_s", [0, 1200, 3000])
def test_the_last_request_of_a_target_group_is_seen_to_the_minute(api: Api, ago_s: float) -> None:
    with api.account() as account:
        account.life["requests"] = {BLUE: ago_s}

    use = use_of("blue", PLACE, 3600)

    assert use.last_request_s is not None
    assert ago_s - 61 <= use.last_request_s <= ago_s + 1
    assert not use.is_left(3600)


def test_a_target_group_without_a_request_is_left(api: Api) -> None:
    """For as long as a cookie lasts, and until such a request would have been reported."""
    with api.account() as account:
        account.life["requests"] = {BLUE: 3600 + 290}
    assert not use_of("blue", PLACE, 3600).is_left(3600)
    with api.account() as account:
        account.life["requests"] = {}
    assert use_of("blue", PLACE, 3600).is_left(3600)


@pytest.fixture
def balanced(tmp_path: Path) -> Iterator[Balanced]:
    with two_colours(tmp_path) as running:
        yield running


def place(balanced: Balanced) -> dict[str, str]:
    return {"statisticsUrl": f"http://127.0.0.1:{balanced.listen.statistics_port}/"}


def test_haproxy_says_when_a_colour_was_asked_last(balanced: Balanced) -> None:
    """Health checks are no use, and a colour that was never asked is as old as HAProxy."""
    for colour in ("blue", "green"):
        assert use_of(colour, place(balanced), 3600).last_request_s is None
    cookies: dict[str, str | None] = {}
    while len(cookies) < 2:
        answer = balanced.get("/images/x.gif")
        cookies[answer.node] = answer.cookie
    time.sleep(3)
    assert balanced.get("/images/x.gif", {"Cookie": cookies["blue1"] or ""}).node == "blue1"

    blue, green = (use_of(colour, place(balanced), 3600) for colour in ("blue", "green"))

    assert blue.last_request_s is not None
    assert green.last_request_s is not None
    assert blue.last_request_s <= 1
    assert green.last_request_s >= 2
    assert not blue.is_left(2)
    assert green.is_left(2)


def test_haproxy_knows_nothing_of_the_time_before_its_start(balanced: Balanced) -> None:
    wait_until(
        "HAProxy is three seconds old",
        lambda: use_of("blue", place(balanced), 3600).seen_s >= 3,
        within_s=20,
    )
    assert use_of("blue", place(balanced), 3600).is_left(3)

    balanced.restart()

    assert use_of("blue", place(balanced), 3600).seen_s < 3
    assert not use_of("blue", place(balanced), 3600).is_left(3)


def test_a_balancer_that_does_not_answer_is_no_evidence() -> None:
    with pytest.raises(EvidenceError, match="the balancer does not say"):
        use_of("blue", {"statisticsUrl": "http://127.0.0.1:9/"}, 3600)
