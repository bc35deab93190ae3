"""The step of an update that moves new visitors between colours, with the alarms watching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from components.aws.surroundings import AwsSurroundings
from release.alarms import CloudWatchAlarms
from release.patience import Patience, print_line
from release.plain_failure import plain_failure
from release.shares import Listener, Move


class VisitorSharesProvider(ResourceProvider):
    """Moves visitors at each change of the weights, and back when an alarm rings."""

    def diff(self, _id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        keys = ("weights", "targets", "listener")
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in keys))

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_="shares", outs=_settled(props))

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        with plain_failure():
            Move(
                listener=Listener(
                    region=news["region"], arn=news["listener"], targets=news["targets"]
                ),
                before=_weights(olds["settled"]),
                after=_weights(news["weights"]),
                alarms=news["alarms"],
                watching=CloudWatchAlarms(news["region"]),
                patience=Patience(limit_s=float(news["watchS"])),
                say=print_line,
            ).run()
        return UpdateResult(outs=_settled(news))


def _settled(props: Mapping[str, Any]) -> dict[str, Any]:
    return {**props, "settled": props["weights"]}


def _weights(given: Mapping[str, Any]) -> dict[str, int]:
    """Pulumi has no whole numbers."""
    return {colour: int(weight) for colour, weight in given.items()}


@dataclass(frozen=True, kw_only=True)
class VisitorSharesArgs:
    """`targets` and `weights` by colour; `alarms` begin names, and are watched for `watch_s`."""

    surroundings: AwsSurroundings
    listener_arn: pulumi.Input[str]
    targets: Mapping[str, pulumi.Input[str]]
    weights: Mapping[str, int]
    alarms: Sequence[str]
    watch_s: int


class VisitorShares(Resource, module="scipio", name="VisitorShares"):
    """Comes before the rules that forward visitors, which have the weights from here.

    It moves visitors at the rules as they live: when an alarm rings it moves them back, fails, and
    rules and state are as they were.
    """

    settled: pulumi.Output[dict[str, int]]
    """Colour → weight."""

    def __init__(self, name: str, args: VisitorSharesArgs, opts: pulumi.ResourceOptions) -> None:
        props = {
            "region": args.surroundings.region,
            "listener": args.listener_arn,
            "targets": dict(args.targets),
            "weights": dict(args.weights),
            "alarms": list(args.alarms),
            "watchS": args.watch_s,
            "settled": None,
        }
        super().__init__(VisitorSharesProvider(), name, props, opts)
