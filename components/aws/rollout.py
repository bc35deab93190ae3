"""The step of an update that replaces the servers of a group, and waits until that has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from components.aws.surroundings import AwsSurroundings
from release.alarms import CloudWatchAlarms
from release.patience import Patience, print_line
from release.plain_failure import plain_failure
from release.rollout import Rollout
from release.server_group import Replacement, ServerGroup

_DECIDES = ("group", "templateId", "wanted")
"""Another one of these is another release; the rest says how one is done."""


class RolloutProvider(ResourceProvider):
    """Rolls out at each new version, and leaves everything as it was when that fails."""

    def diff(self, _id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in _DECIDES))

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=str(props["group"]), outs=_released(props))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(outs=_released(news))


def _released(props: Mapping[str, Any]) -> dict[str, Any]:
    group = ServerGroup(region=props["region"], account_id=props["accountId"], name=props["group"])
    with plain_failure():
        version = Rollout(
            group=group,
            alarms=CloudWatchAlarms(props["region"]),
            template_id=props["templateId"],
            version=props["wanted"],
            how=Replacement(
                min_healthy_percent=int(props["minHealthyPercent"]),
                max_healthy_percent=int(props["maxHealthyPercent"]),
                alarms=list(props["alarms"]),
            ),
            patience=Patience(limit_s=float(props["eachS"])),
            say=print_line,
        ).run()
    return {**props, "version": version}


@dataclass(frozen=True, kw_only=True)
class RolloutArgs:
    """`version` of the template shall run in the group of that name. `alarms` call it off.

    `each_s` is how long it may take to replace one server.
    """

    surroundings: AwsSurroundings
    group_name: str
    template_id: pulumi.Input[str]
    version: pulumi.Input[str]
    min_healthy_percent: int
    max_healthy_percent: int
    alarms: Sequence[pulumi.Input[str]]
    each_s: int


class GroupRollout(Resource, module="scipio", name="GroupRollout"):
    """Comes before the group itself: there `version` is what all servers run already.

    The provider would write the new version to the group before the servers are replaced, and
    then nothing is left that a failed release could go back to. A group that does not exist yet is
    made with `version`.
    """

    version: pulumi.Output[str]
    """What the group names."""

    def __init__(self, name: str, args: RolloutArgs, opts: pulumi.ResourceOptions) -> None:
        props = {
            "region": args.surroundings.region,
            "accountId": args.surroundings.account_id,
            "group": args.group_name,
            "templateId": args.template_id,
            "wanted": args.version,
            "minHealthyPercent": args.min_healthy_percent,
            "maxHealthyPercent": args.max_healthy_percent,
            "alarms": list(args.alarms),
            "eachS": args.each_s,
            "version": None,
        }
        super().__init__(RolloutProvider(), name, props, opts)
