"""Requests of a colour's target group, as CloudWatch has them."""

import time
from math import ceil
from typing import Final

from release.calls import Calls
from release.evidence import Use

REPORTED_AFTER_S: Final = 300
"""A request is in CloudWatch by then (the load balancer reports every minute)."""
_POINTS_MAX: Final = 1440
"""Of one answer (AmazonCloudWatch/latest/APIReference, GetMetricStatistics)."""


def use_of_target_group(
    *, region: str, target_group: str, load_balancer: str, stickiness_s: float
) -> Use:
    """The names are the ends of ARNs, as CloudWatch uses them. Raises `CloudError`.

    The load balancer reports nothing for a minute without a request, and health checks are none.
    """
    now = time.time()
    seen_s = stickiness_s + 2 * REPORTED_AFTER_S
    period_s = 60 * ceil(seen_s / 60 / _POINTS_MAX)
    points = Calls("cloudwatch", region).ask(
        "get_metric_statistics",
        Namespace="AWS/ApplicationELB",
        MetricName="RequestCount",
        Dimensions=[
            {"Name": "TargetGroup", "Value": target_group},
            {"Name": "LoadBalancer", "Value": load_balancer},
        ],
        StartTime=now - seen_s,
        EndTime=now,
        Period=period_s,
        Statistics=["Sum"],
    )["Datapoints"]
    asked = [point["Timestamp"].timestamp() + period_s for point in points if point["Sum"] > 0]
    return Use(
        last_request_s=max(now - max(asked), 0) if asked else None,
        seen_s=seen_s,
        unseen_s=REPORTED_AFTER_S,
    )
