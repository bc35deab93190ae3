"""Alarms of CloudWatch, as a release looks at them: which of them ring now, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from release.calls import Calls


@dataclass(frozen=True)
class RingingAlarm:
    """An alarm in the state ALARM."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"


class CloudWatchAlarms:
    """Alarms of one region."""

    def __init__(self, region: str) -> None:
        self._cloudwatch = Calls("cloudwatch", region)

    def ringing(self, names: Sequence[str]) -> list[RingingAlarm]:
        """Those of `names` that ring now."""
        if not names:
            return []
        found = self._cloudwatch.pages(
            "describe_alarms", "MetricAlarms", AlarmNames=list(names), StateValue="ALARM"
        )
        return [_ringing(each) for each in found]

    def ringing_of(self, beginnings: Sequence[str]) -> list[RingingAlarm]:
        """Those that ring now of the alarms whose names begin so."""
        return [
            _ringing(each)
            for beginning in beginnings
            for each in self._cloudwatch.pages(
                "describe_alarms", "MetricAlarms", AlarmNamePrefix=beginning, StateValue="ALARM"
            )
        ]


def _ringing(alarm: dict[str, str]) -> RingingAlarm:
    return RingingAlarm(name=alarm["AlarmName"], reason=alarm.get("StateReason", "no reason given"))
