"""Changes of a group's size by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import autoscaling

from settings.aws.servers import Schedule

UNCHANGED: Final = -1
"""What is left out the provider sends as 0: a schedule of `min` alone would end all servers."""


@dataclass(frozen=True, kw_only=True)
class ServerSchedulesArgs:
    """`schedules` belong to the group that visitors come to."""

    group_name: pulumi.Input[str]
    schedules: Sequence[Schedule]


class ServerSchedules(pulumi.ComponentResource):
    """One scheduled action for each schedule of the stack.

    What a schedule did to the group's bounds is seen as a difference when the state is refreshed,
    and the next update undoes it until the next schedule.
    """

    action_names: Sequence[pulumi.Output[str]]

    def __init__(
        self, name: str, args: ServerSchedulesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:ServerSchedules", name, None, opts)
        self.action_names = [
            autoscaling.Schedule(
                f"{name}-{schedule.name}",
                scheduled_action_name=schedule.name,
                autoscaling_group_name=args.group_name,
                recurrence=schedule.recurrence,
                time_zone=schedule.time_zone,
                min_size=_or_unchanged(schedule.min),
                max_size=_or_unchanged(schedule.max),
                desired_capacity=_or_unchanged(schedule.desired),
                opts=pulumi.ResourceOptions(parent=self),
            ).scheduled_action_name
            for schedule in args.schedules
        ]
        self.register_outputs({"actionNames": self.action_names})


def _or_unchanged(size: int | None) -> int:
    return UNCHANGED if size is None else size
