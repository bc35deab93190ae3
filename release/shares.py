"""Visitors are moved from one colour to another, and back when an alarm rings.

The living rules of the load balancer get the new weights first, and the stack's own description of
them only once nothing has rung for a while: a move that is taken back leaves no trace there.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from release.alarms import RingingAlarm
from release.calls import Calls
from release.errors import ShareRefusedError
from release.patience import Patience, Say, Wait

Weights = Mapping[str, int]
"""Colour → its weight among new visitors."""


class LivingAlarms(Protocol):
    """`release.alarms.CloudWatchAlarms`, as far as it is asked here."""

    def ringing_of(self, beginnings: Sequence[str]) -> list[RingingAlarm]: ...


@dataclass(frozen=True, kw_only=True)
class Listener:
    """The rules of one listener. `targets` has the ARN of each colour's target group."""

    region: str
    arn: str
    targets: Mapping[str, str]

    def healthy(self, colour: str) -> int:
        """How many nodes of a colour can serve. Raises `CloudError`."""
        answer = self._balancing.ask("describe_target_health", TargetGroupArn=self.targets[colour])
        found = answer["TargetHealthDescriptions"]
        return sum(each["TargetHealth"]["State"] == "healthy" for each in found)

    def write(self, weights: Weights) -> None:
        """Every rule that forwards to several target groups has these weights."""
        by_arn = {self.targets[colour]: weight for colour, weight in weights.items()}
        for rule in self._balancing.pages("describe_rules", "Rules", ListenerArn=self.arn):
            actions = copy.deepcopy(rule["Actions"])
            groups = [each for action in actions for each in _forwarded_to(action)]
            if len(groups) < len(self.targets):
                continue
            for group in groups:
                group["Weight"] = by_arn.get(group["TargetGroupArn"], 0)
            self._balancing.ask("modify_rule", RuleArn=rule["RuleArn"], Actions=actions)

    @property
    def _balancing(self) -> Calls:
        return Calls("elbv2", self.region)


def _forwarded_to(action: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return found


@dataclass(frozen=True, kw_only=True)
class Move:
    """From some weights to others; `alarms` are the beginnings of names. The limit of `patience` is
    how long the alarms are watched.
    """

    listener: Listener
    before: Weights
    after: Weights
    alarms: Sequence[str]
    watching: LivingAlarms
    patience: Patience
    say: Say

    def run(self) -> None:
        """Returns when visitors go as `after` says. Raises `ShareRefusedError`, `CloudError`."""
        if shares(self.before) == shares(self.after):
            return
        self._refuse_what_cannot_serve()
        self._refuse_ringing()
        self.say(f"new visitors: {_said(self.after)} (until now {_said(self.before)})")
        self.listener.write(self.after)
        if self.alarms:
            self._watch()

    def _refuse_what_cannot_serve(self) -> None:
        now, then = shares(self.before), shares(self.after)
        for colour in (each for each in then if then[each] > now.get(each, 0)):
            if colour not in self.before or not self.listener.healthy(colour):
                raise ShareRefusedError(
                    f"no {colour} node serves yet: nothing was changed. Bring {colour} up in an "
                    "update of its own, with no visitors, and move visitors in the next one."
                )

    def _refuse_ringing(self) -> None:
        ringing = self.watching.ringing_of(self.alarms)
        if ringing:
            raise ShareRefusedError(
                f"visitors were not moved, because alarms ring: {'; '.join(map(str, ringing))}. "
                "Wait until they are over, or set release.ignoreAlarms to true when this move is "
                "the cure."
            )

    def _watch(self) -> None:
        wait = Wait(self.patience, self.say)
        while not wait.is_over:
            ringing = self.watching.ringing_of(self.alarms)
            if ringing:
                # A colour that is new to the rules has no weight to go back to but none.
                self.listener.write({**dict.fromkeys(self.after, 0), **self.before})
                raise ShareRefusedError(
                    f"alarms rang {wait.waited_s:.0f} s after visitors were moved: "
                    f"{'; '.join(map(str, ringing))}. New visitors go as before again "
                    f"({_said(self.before)}); who came meanwhile stays where it is. Set the "
                    "shares in the stack file back too."
                )
            wait.say("watching the alarms")
            wait.pause()


def shares(weights: Weights) -> dict[str, float]:
    """Colour → share of new visitors, those with none left out."""
    total = sum(weights.values())
    return {colour: weight / total for colour, weight in weights.items() if weight}


def _said(weights: Weights) -> str:
    return ", ".join(f"{colour} {share:.0%}" for colour, share in shares(weights).items())
