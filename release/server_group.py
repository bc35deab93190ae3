"""An Auto Scaling group as it lives: its version, its servers, and the refresh under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from release.calls import Calls
from release.errors import CloudError

UNDER_WAY: Final = frozenset(
    {"Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"}
)
"""What a refresh says of itself before its end (autoscaling/ec2/APIReference, InstanceRefresh)."""


@dataclass(frozen=True)
class Server:
    """One server of the group; `version` is that of its launch template, "" when none is said."""

    id: str
    version: str
    lifecycle: str
    healthy: bool

    @property
    def in_service(self) -> bool:
        """Whether it serves."""
        return self.lifecycle == "InService" and self.healthy


@dataclass(frozen=True)
class GroupState:
    """The group at one moment. `version` is what the next server is started from."""

    template_id: str
    version: str
    servers: tuple[Server, ...]

    @property
    def in_service(self) -> int:
        """How many servers serve."""
        return sum(server.in_service for server in self.servers)


@dataclass(frozen=True)
class Refresh:
    """A replacement of servers. `version` is the one that it leads to; "" when it was not said."""

    id: str
    status: str
    version: str
    percent: int
    to_go: int
    reason: str
    """Why it ended so, or what it waits for."""

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self.status in UNDER_WAY


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """How servers are replaced: shares of the group in percent, and the alarms that call it off."""

    min_healthy_percent: int
    max_healthy_percent: int
    alarms: Sequence[str]


class ServerGroup:
    """One group of one account, by its name."""

    def __init__(self, *, region: str, account_id: str, name: str) -> None:
        self.name = name
        self._account_id = account_id
        self._autoscaling = Calls("autoscaling", region)
        self._ec2 = Calls("ec2", region)

    def state(self) -> GroupState | None:
        """The group now; None: there is none. Raises `CloudError`, also in another account."""
        answer = self._autoscaling.ask(
            "describe_auto_scaling_groups", AutoScalingGroupNames=[self.name]
        )
        groups = answer["AutoScalingGroups"]
        if not groups:
            return None
        [group] = groups
        self._refuse_another_account(group["AutoScalingGroupARN"])
        template = group.get("LaunchTemplate", {})
        return GroupState(
            template_id=template.get("LaunchTemplateId", ""),
            version=template.get("Version", ""),
            servers=tuple(_server(each) for each in group.get("Instances", ())),
        )

    def same_servers(self, template_id: str, one: str, other: str) -> bool:
        """Whether two versions of a template start the very same servers."""
        if one == other:
            return True
        found = {
            str(each["VersionNumber"]): each["LaunchTemplateData"]
            for each in self._ec2.ask(
                "describe_launch_template_versions",
                LaunchTemplateId=template_id,
                Versions=[one, other],
            )["LaunchTemplateVersions"]
        }
        return one in found and other in found and found[one] == found[other]

    def refresh_under_way(self) -> Refresh | None:
        """The replacement of servers that has not ended; AWS lets there be one at a time."""
        newest = self._refreshes(MaxRecords=1)
        return newest[0] if newest and newest[0].under_way else None

    def refresh(self, id_: str) -> Refresh:
        """A replacement by its id. Raises `CloudError` when AWS no longer knows it."""
        found = self._refreshes(InstanceRefreshIds=[id_])
        if not found:
            raise CloudError(f"{self.name}: AWS does not know its instance refresh {id_}.")
        return found[0]

    def start_refresh(self, template_id: str, version: str, how: Replacement) -> str:
        """Replaces all servers that are not of `version`; returns the refresh's id.

        The group itself keeps its version until AWS writes the new one, after the last server.
        """
        preferences: dict[str, Any] = {
            "MinHealthyPercentage": how.min_healthy_percent,
            "MaxHealthyPercentage": how.max_healthy_percent,
            "AutoRollback": True,
            "SkipMatching": True,
            # A server that an operator has taken out of service to look at stays there.
            "StandbyInstances": "Ignore",
        }
        if how.alarms:
            preferences["AlarmSpecification"] = {"Alarms": list(how.alarms)}
        answer = self._autoscaling.ask(
            "start_instance_refresh",
            AutoScalingGroupName=self.name,
            Strategy="Rolling",
            DesiredConfiguration={
                "LaunchTemplate": {"LaunchTemplateId": template_id, "Version": version}
            },
            Preferences=preferences,
        )
        return str(answer["InstanceRefreshId"])

    def cancel_refresh(self) -> None:
        """The one under way ends where it is; the group keeps its version."""
        self._autoscaling.ask("cancel_instance_refresh", AutoScalingGroupName=self.name)

    def name_default(self, template_id: str, version: str) -> None:
        """The template's default is what the group runs, for those who look at it."""
        self._ec2.ask(
            "modify_launch_template", LaunchTemplateId=template_id, DefaultVersion=version
        )

    def failed_activities(self, since: datetime) -> list[str]:
        """What AWS says of launches and ends that failed since then, the newest first."""
        found = self._autoscaling.ask(
            "describe_scaling_activities", AutoScalingGroupName=self.name, MaxRecords=50
        )["Activities"]
        return [
            str(each.get("StatusMessage") or each.get("Cause") or "no reason given")
            for each in found
            if each["StatusCode"] in {"Failed", "Cancelled"} and each["StartTime"] >= since
        ]

    def _refreshes(self, **which: Any) -> list[Refresh]:
        answer = self._autoscaling.ask(
            "describe_instance_refreshes", AutoScalingGroupName=self.name, **which
        )
        return [_refresh(each) for each in answer["InstanceRefreshes"]]

    def _refuse_another_account(self, arn: str) -> None:
        account = arn.split(":")[4]
        if account != self._account_id:
            raise CloudError(
                f"{self.name} is in account {account}, and this stack in {self._account_id}: the "
                "log-in of this shell is another one than the stack's."
            )


def _server(instance: Mapping[str, Any]) -> Server:
    return Server(
        id=instance["InstanceId"],
        version=instance.get("LaunchTemplate", {}).get("Version", ""),
        lifecycle=instance["LifecycleState"],
        healthy=instance.get("HealthStatus", "").lower() == "healthy",
    )


def _refresh(each: Mapping[str, Any]) -> Refresh:
    rollback = each.get("RollbackDetails", {})
    reasons = (rollback.get("RollbackReason"), each.get("StatusReason"))
    desired = each.get("DesiredConfiguration", {}).get("LaunchTemplate", {})
    return Refresh(
        id=each["InstanceRefreshId"],
        status=each["Status"],
        version=desired.get("Version", ""),
        percent=each.get("PercentageComplete", 0),
        to_go=each.get("InstancesToUpdate", 0),
        reason=" ".join(dict.fromkeys(reason for reason in reasons if reason)),
    )
