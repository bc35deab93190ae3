"""CloudWatch: which alarms ring, and how many requests a target group had."""

import time
from collections.abc import Callable
from typing import Any

from tests.engine.doubles.aws.account import Account


def _describe_alarms(account: Account, given: dict[str, Any]) -> dict[str, Any]:
    """`account.life["ringing"]` has their names and reasons."""
    ringing = account.life.get("ringing", {})
    found = [
        {"AlarmName": name, "StateValue": "ALARM", "StateReason": reason}
        for name, reason in ringing.items()
        if name in given.get("AlarmNames", ())
        or name.startswith(given.get("AlarmNamePrefix") or "\0")
    ]
    return {"MetricAlarms": found, "CompositeAlarms": []}


def _statistics(account: Account, given: dict[str, Any]) -> dict[str, Any]:
    """`account.life["requests"]`: target group's suffix → seconds since its last request."""
    of = {each["Name"]: each["Value"] for each in given["Dimensions"]}
    ago_s = account.life.get("requests", {}).get(of["TargetGroup"])
    at = time.time() - ago_s if ago_s is not None else 0.0
    points = [{"Timestamp": at - at % 60, "Sum": 3.0, "Unit": "Count"}]
    within = ago_s is not None and at >= _moment(given["StartTime"])
    return {"Label": given["MetricName"], "Datapoints": points if within else []}


def _moment(given: Any) -> float:
    return float(given)


ACTIONS: dict[str, Callable[[Account, Any], Any]] = {
    "DescribeAlarms": _describe_alarms,
    "GetMetricStatistics": _statistics,
}
