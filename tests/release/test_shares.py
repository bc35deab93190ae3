"""New visitors are moved in steps, with the alarms watching, and back when one rings."""

from typing import Any

import pytest

from release.alarms import CloudWatchAlarms
from release.errors import ShareRefusedError
from release.patience import Patience
from release.shares import Listener, Move, Weights
from tests.engine.doubles.aws.account import Thing
from tests.engine.doubles.aws.api import Api
from tests.engine.doubles.aws.api_balancing import RULE
from tests.engine.doubles.aws.fleet import GROUP

REGION = "eu-central-1"
ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"
LISTENER = f"{ARN}:listener/app/a/1/2"
TARGETS = {"blue": f"{ARN}:targetgroup/blue/1", "green": f"{ARN}:targetgroup/green/2"}
ALARM = "scipio-prod-errors-green-"


@pytest.fixture
def api(api: Api) -> Api:
    """Two rules that forward to two colours with a server each, and one that refuses."""
    with api.account() as account:
        account.things = [each for each in account.things if each.type != GROUP]
        for number in (400, 500):
            account.things.append(rule(number, _forward({"blue": 100, "green": 0})))
        account.things.append(rule(600, {"type": "fixed-response"}))
        for colour, target in TARGETS.items():
            inputs = {
                "name": colour,
                "minSize": 1,
                "maxSize": 1,
                "targetGroupArns": [target],
                "launchTemplate": {"id": "lt-1", "version": "1"},
            }
            account.things.append(Thing(GROUP, colour, colour, inputs, {"arn": "a"}))
    return api


def rule(number: int, action: dict[str, Any]) -> Thing:
    inputs = {"listenerArn": LISTENER, "priority": number, "actions": [action]}
    return Thing(RULE, str(number), str(number), inputs, {"arn": f"{ARN}:rule/{number}"})


def _forward(weights: Weights) -> dict[str, Any]:
    groups = [{"arn": TARGETS[colour], "weight": weight} for colour, weight in weights.items()]
    return {
        "type": "forward",
        "forward": {"targetGroups": groups, "stickiness": {"enabled": True, "duration": 3600}},
    }


class Clock:
    """Time passes by sleeping; `at` has what happens when."""

    def __init__(self, at: dict[float, Any] | None = None) -> None:
        self.now_s = 0.0
        self._at = at or {}

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        for moment in [each for each in self._at if each <= self.now_s]:
            self._at.pop(moment)()


def move(
    before: Weights,
    after: Weights,
    *,
    clock: Clock | None = None,
    alarms: tuple[str, ...] = (ALARM,),
) -> list[str]:
    said: list[str] = []
    clock = clock or Clock()
    Move(
        listener=Listener(region=REGION, arn=LISTENER, targets=TARGETS),
        before=before,
        after=after,
        alarms=alarms,
        watching=CloudWatchAlarms(REGION),
        patience=Patience(limit_s=600, now=lambda: clock.now_s, sleep=clock.sleep),
        say=said.append,
    ).run()
    return said


def weights(api: Api) -> list[dict[str, int]]:
    """Of each rule that forwards."""
    names = {arn: colour for colour, arn in TARGETS.items()}
    with api.account() as account:
        return [
            {names[each["arn"]]: each["weight"] for each in action["forward"]["targetGroups"]}
            for thing in account.of_type(RULE)
            for action in thing.inputs["actions"]
            if action["type"] == "forward"
        ]


@pytest.mark.parametrize("after", [(95, 5), (50, 50), (0, 100)])
def test_each_step_moves_every_rule_that_forwards(api: Api, after: tuple[int, int]) -> None:
    wanted = dict(zip(("blue", "green"), after, strict=True))

    said = move({"blue": 100, "green": 0}, wanted)

    assert weights(api) == [wanted, wanted]
    assert api.names() == ["ModifyRule", "ModifyRule"]
    assert said[0].startswith("new visitors: ")


def test_the_alarms_are_watched_for_the_whole_time(api: Api) -> None:
    clock = Clock()
    move({"blue": 100, "green": 0}, {"blue": 95, "green": 5}, clock=clock)
    assert clock.now_s >= 600


def test_an_alarm_that_rings_moves_visitors_back(api: Api) -> None:
    def ring() -> None:
        with api.account() as account:
            account.life["ringing"] = {f"{ALARM}1a2b3c4": "12 % of requests"}

    with pytest.raises(ShareRefusedError, match=r"12 % of requests.*as before again \(blue 100%\)"):
        move({"blue": 100, "green": 0}, {"blue": 95, "green": 5}, clock=Clock({60: ring}))

    assert weights(api) == [{"blue": 100, "green": 0}] * 2


def test_visitors_are_not_moved_while_an_alarm_rings_unless_told_to(api: Api) -> None:
    with api.account() as account:
        account.life["ringing"] = {f"{ALARM}1a2b3c4": "12 % of requests"}
    with pytest.raises(ShareRefusedError, match=r"not moved, because alarms ring"):
        move({"blue": 95, "green": 5}, {"blue": 100, "green": 0})
    assert api.calls == []

    move({"blue": 95, "green": 5}, {"blue": 100, "green": 0}, alarms=())

    assert weights(api) == [{"blue": 100, "green": 0}] * 2


def test_nobody_is_sent_to_a_colour_that_cannot_serve(api: Api) -> None:
    with api.account() as account:
        account.things = [each for each in account.things if each.id != "green"]
    with pytest.raises(ShareRefusedError, match="no green node serves yet"):
        move({"blue": 100, "green": 0}, {"blue": 0, "green": 100})
    with pytest.raises(ShareRefusedError, match="no green node serves yet"):
        move({"blue": 100}, {"blue": 0, "green": 100})
    assert api.calls == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"blue": 100}, {"blue": 100, "green": 0}),
        ({"blue": 0, "green": 100}, {"green": 100}),
        ({"blue": 95, "green": 5}, {"blue": 95, "green": 5}),
    ],
    ids=["a colour comes", "a colour goes", "nothing"],
)
def test_what_moves_nobody_asks_nothing(api: Api, before: Weights, after: Weights) -> None:
    move(before, after)
    assert api.calls == []
