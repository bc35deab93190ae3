"""The step of an update that waits until enough servers of a group serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from components.aws.surroundings import AwsSurroundings
from release.in_service import InService
from release.patience import Patience, print_line
from release.plain_failure import plain_failure
from release.server_group import ServerGroup


class ServersInServiceProvider(ResourceProvider):
    """Waits when the group is made, and when its smallest size is raised."""

    def diff(self, _id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in ("group", "min")))

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(id_=str(props["group"]), outs=_waited(props, int(props["atFirst"])))

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        grows = news["min"] > olds["min"] or news["group"] != olds["group"]
        return UpdateResult(outs=_waited(news, int(news["min"])) if grows else news)


def _waited(props: dict[str, Any], least: int) -> dict[str, Any]:
    with plain_failure():
        InService(
            group=ServerGroup(
                region=props["region"], account_id=props["accountId"], name=props["group"]
            ),
            least=least,
            patience=Patience(limit_s=float(props["limitS"])),
            say=print_line,
        ).wait()
    return props


@dataclass(frozen=True, kw_only=True)
class ServersInServiceArgs:
    """`at_first` servers when the group is new, `min` later, each time within `limit_s`."""

    surroundings: AwsSurroundings
    group_name: pulumi.Input[str]
    min: int
    at_first: int
    limit_s: int


class ServersInService(Resource, module="scipio", name="ServersInService"):
    """At least so many servers of a group serve.

    The provider's own wait wants exactly as many as it knows of, which scaling has changed since,
    and ends an update at the first launch that fails.
    """

    def __init__(self, name: str, args: ServersInServiceArgs, opts: pulumi.ResourceOptions) -> None:
        props = {
            "region": args.surroundings.region,
            "accountId": args.surroundings.account_id,
            "group": args.group_name,
            "min": args.min,
            "atFirst": args.at_first,
            "limitS": args.limit_s,
        }
        super().__init__(ServersInServiceProvider(), name, props, opts)
