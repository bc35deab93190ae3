"""The alarms: each says what people notice, or will soon, and none goes off by itself at night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

import pulumi
from pulumi_aws import cloudwatch

from components.aws import metrics
from components.aws.metrics import Metric
from components.aws.release_alarms import OF_COLOUR
from components.aws.surroundings import AwsSurroundings
from components.aws.watched import WatchedCluster, WatchedSearch, WatchedServers
from settings.aws.monitoring import Monitoring

_GIB: Final = 1024**3
_DATABASE_CPU_PERCENT: Final = 80
_CONNECTIONS_PERCENT: Final = 80
_FREE_STORAGE_PERCENT: Final = 10
"""RDS lets the disk grow below this, after five minutes; so later than that it did not grow."""
_BROKER_HEAP_PERCENT: Final = 80
_BROKER_STORE_PERCENT: Final = 70
_BURST_CREDITS_BYTES: Final = 230 * 10**9
"""A tenth of the 2.1 TiB that a new file system begins with (efs/latest/ug/performance)."""
_CERTIFICATE_DAYS: Final = 30
"""ACM renews 60 days before the end; half of that has passed in vain."""
_OWN_MINUTES: Final = 2
"""Until AWS acts and its figures say so."""
_COLOUR_ERRORS_PERCENT: Final = 5
_COLOUR_REQUESTS: Final = 20
"""In a minute: of fewer, one error would be many percent."""

Comparison = Literal[
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
]

Missing = Literal["breaching", "notBreaching", "ignore"]
"""What it means when nothing is reported: `breaching` for a sign of life, `notBreaching` for
counts that are only sent when there is something to count, `ignore` keeps the last word."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Goes off when the figure compares so in each of `periods` periods in a row.

    With several figures, `expression` joins them; they are called `m0`, `m1`, … in their order.
    """

    meaning: str
    figures: Sequence[Metric]
    expression: str | None = None
    comparison: Comparison
    threshold: float
    periods: int
    missing: Missing

    @property
    def is_sign_of_life(self) -> bool:
        """Silence alone makes it go off: it must not be there before what it listens to."""
        return self.missing == "breaching"


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """`alarms` by what they watch, which is the end of their names. `topic_arn` hears when one goes
    off, and when it is over. `after` is what must be there before.
    """

    surroundings: AwsSurroundings
    alarms: Mapping[str, Alarm]
    after: Sequence[pulumi.Resource]
    topic_arn: pulumi.Input[str]


class Alarms(pulumi.ComponentResource):
    """One alarm for each thing that an operator must know, each with its meaning in words."""

    names: dict[str, pulumi.Output[str]]
    """By what they watch, as `server-errors`."""

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Alarms", name, None, opts)
        self._args = args
        self.names = {subject: self._made(subject, alarm) for subject, alarm in args.alarms.items()}
        self.register_outputs({"names": self.names})

    def _made(self, subject: str, alarm: Alarm) -> pulumi.Output[str]:
        topic = [self._args.topic_arn]
        inputs = cloudwatch.MetricAlarmArgs(
            alarm_description=alarm.meaning,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.periods,
            treat_missing_data=alarm.missing,
            alarm_actions=topic,
            ok_actions=topic,
        )
        if alarm.expression is None:
            _watch_one(inputs, alarm.figures[0])
        else:
            inputs.metric_queries = _queries(alarm)
        return cloudwatch.MetricAlarm(
            self._args.surroundings.named(subject),
            inputs,
            pulumi.ResourceOptions(parent=self, depends_on=list(self._args.after)),
        ).name


def cluster_alarms(watched: WatchedCluster, settings: Monitoring) -> Mapping[str, Alarm]:
    """All alarms of a cluster by what they watch, which is the end of their names."""
    return {
        **_visitors(watched, settings),
        **{
            f"{subject}-{colour}": alarm
            for colour, servers in watched.servers.items()
            for subject, alarm in _servers(watched, servers).items()
        },
        **_search(watched),
        **_database(watched),
        **_broker(watched),
        **_files(watched),
        "certificate-expiry": Alarm(
            meaning="The certificate ends within 30 days and was not renewed: look at its proof.",
            figures=[metrics.certificate(watched)],
            comparison="LessThanThreshold",
            threshold=_CERTIFICATE_DAYS,
            periods=1,
            missing="ignore",
        ),
    }


def _visitors(watched: WatchedCluster, settings: Monitoring) -> Mapping[str, Alarm]:
    nodes = [
        metrics.target_group(watched, servers, "HealthyHostCount")
        for servers in watched.servers.values()
    ]
    return {
        "no-node": Alarm(
            meaning="No node serves: visitors get errors.",
            figures=nodes,
            expression=_sum(len(nodes)),
            comparison="LessThanThreshold",
            threshold=1,
            periods=3,
            missing="breaching",
        ),
        "server-errors": Alarm(
            meaning="Too many requests end with a server error, of a node or for want of one.",
            figures=[
                metrics.load_balancer(watched, "HTTPCode_ELB_5XX_Count", "Sum"),
                metrics.load_balancer(watched, "HTTPCode_Target_5XX_Count", "Sum"),
            ],
            expression=_sum(2),
            comparison="GreaterThanThreshold",
            threshold=settings.errors_per_5_minutes,
            periods=1,
            missing="notBreaching",
        ),
        "latency-p95": Alarm(
            meaning="One request in twenty is slower than visitors bear.",
            figures=[metrics.load_balancer(watched, "TargetResponseTime", "p95")],
            comparison="GreaterThanThreshold",
            threshold=settings.latency_p95_ms / 1000,
            periods=3,
            missing="notBreaching",
        ),
    }


def _servers(watched: WatchedCluster, servers: WatchedServers) -> Mapping[str, Alarm]:
    alarms = {
        OF_COLOUR: Alarm(
            meaning="Nodes of this colour answer too many of their requests with a server error.",
            figures=[
                metrics.target_group(watched, servers, "HTTPCode_Target_5XX_Count", "Sum"),
                metrics.target_group(watched, servers, "RequestCount", "Sum"),
            ],
            expression=f"IF(FILL(m1, 0) >= {_COLOUR_REQUESTS}, 100 * FILL(m0, 0) / m1, 0)",
            comparison="GreaterThanThreshold",
            threshold=_COLOUR_ERRORS_PERCENT,
            periods=3,
            missing="notBreaching",
        ),
        "nodes-unhealthy": Alarm(
            meaning="A node has failed its health check for five minutes.",
            figures=[metrics.target_group(watched, servers, "UnHealthyHostCount")],
            comparison="GreaterThanThreshold",
            threshold=0,
            periods=5,
            missing="notBreaching",
        ),
        "drain-overdue": Alarm(
            meaning="A server did not leave in its time: its node's drain ran into the limit.",
            figures=[
                metrics.server_group(servers, "GroupTerminatingInstances"),
                metrics.server_group(servers, "GroupPendingInstances"),
            ],
            # In a release one server leaves after another, each once a new one has come: the time
            # begins anew with each that comes, and ends after the last one that leaves.
            expression="IF(FILL(m1, 0) > 0, 0, FILL(m0, 0))",
            comparison="GreaterThanThreshold",
            threshold=0,
            periods=ceil((servers.leave_within_s + servers.warmup_s) / 60) + _OWN_MINUTES,
            missing="notBreaching",
        ),
    }
    # A group of one size is at its maximum all the time.
    if servers.max > servers.min:
        alarms["servers-at-maximum"] = Alarm(
            meaning="Scaling wants all the servers that it may have: more load finds no more.",
            figures=[
                metrics.server_group(servers, "GroupDesiredCapacity"),
                metrics.server_group(servers, "GroupMaxSize"),
            ],
            expression="m0 - m1",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=0,
            periods=15,
            missing="notBreaching",
        )
    return alarms


def _search(watched: WatchedCluster) -> Mapping[str, Alarm]:
    if watched.search is None:
        return {}
    return {
        "search-away": Alarm(
            meaning="No search server answers: the shop finds and lists nothing.",
            figures=[metrics.search_target(watched.search, "HealthyHostCount")],
            comparison="LessThanThreshold",
            threshold=1,
            periods=5,
            missing="breaching",
        )
    }


def _database(watched: WatchedCluster) -> Mapping[str, Alarm]:
    database = watched.database
    return {
        "database-cpu": Alarm(
            meaning="The database has been busy, or silent, for a quarter of an hour.",
            figures=[metrics.database(watched, "CPUUtilization", "Average")],
            comparison="GreaterThanThreshold",
            threshold=_DATABASE_CPU_PERCENT,
            periods=3,
            missing="breaching",
        ),
        "database-connections": Alarm(
            meaning="Connections run out: the next node may get none.",
            figures=[metrics.database(watched, "DatabaseConnections", "Maximum", 60)],
            comparison="GreaterThanThreshold",
            threshold=database.connections * _CONNECTIONS_PERCENT // 100,
            periods=5,
            missing="ignore",
        ),
        "database-storage": Alarm(
            meaning="The database's disk is nearly full and did not grow.",
            figures=[metrics.database(watched, "FreeStorageSpace", "Minimum")],
            comparison="LessThanThreshold",
            threshold=database.storage_gib * _GIB * _FREE_STORAGE_PERCENT // 100,
            periods=3,
            missing="ignore",
        ),
    }


def _broker(watched: WatchedCluster) -> Mapping[str, Alarm]:
    heap = metrics.brokers(watched, "HeapUsage")
    store = metrics.brokers(watched, "StorePercentUsage")
    consumers = metrics.topic(watched, "ConsumerCount", "Maximum")
    groups: list[WatchedServers | WatchedSearch] = list(watched.servers.values())
    if watched.search is not None:
        groups.append(watched.search)
    servers = [metrics.server_group(group, "GroupTotalInstances") for group in groups]
    pending = [metrics.server_group(group, "GroupPendingInstances") for group in groups]
    return {
        "broker-heap": Alarm(
            meaning="The broker's memory is nearly full, or no broker reports.",
            figures=heap,
            expression=_largest(len(heap)),
            comparison="GreaterThanThreshold",
            threshold=_BROKER_HEAP_PERCENT,
            periods=5,
            missing="breaching",
        ),
        "broker-store": Alarm(
            meaning="The broker's store fills up: cache clears should never rest there.",
            figures=store,
            expression=_largest(len(store)),
            comparison="GreaterThanThreshold",
            threshold=_BROKER_STORE_PERCENT,
            periods=5,
            missing="ignore",
        ),
        "broker-consumers": Alarm(
            meaning="A node does not listen to cache clears: it shows old data.",
            figures=[*consumers, *pending, *servers],
            # The search node listens too, and a node that drains does to its end. One that starts
            # does so only moments before it is in service.
            expression=f"({_sum(len(consumers) + len(pending))}) - "
            f"({_sum(len(servers), len(consumers) + len(pending))})",
            comparison="LessThanThreshold",
            threshold=0,
            periods=5,
            missing="breaching",
        ),
    }


def _files(watched: WatchedCluster) -> Mapping[str, Alarm]:
    if not watched.files.bursting:
        return {}
    return {
        "files-burst-credits": Alarm(
            meaning="The shared files have used their credit and will be slow.",
            figures=[metrics.files(watched, "BurstCreditBalance", "Minimum")],
            comparison="LessThanThreshold",
            threshold=_BURST_CREDITS_BYTES,
            periods=3,
            missing="ignore",
        )
    }


def _sum(count: int, first: int = 0) -> str:
    """The sum of `count` figures; one that is not reported counts nothing."""
    return " + ".join(f"FILL(m{number}, 0)" for number in range(first, first + count))


def _largest(count: int) -> str:
    return f"MAX([{', '.join(f'm{number}' for number in range(count))}])"


def _watch_one(inputs: "cloudwatch.MetricAlarmArgs", figure: Metric) -> None:
    inputs.namespace = figure.namespace
    inputs.metric_name = figure.name
    inputs.dimensions = dict(figure.dimensions)
    inputs.period = figure.period_s
    if figure.statistic == "p95":
        inputs.extended_statistic = figure.statistic
        # One slow page in a quiet night is no news.
        inputs.evaluate_low_sample_count_percentiles = "ignore"
    else:
        inputs.statistic = figure.statistic


def _query(number: int, figure: Metric) -> "cloudwatch.MetricAlarmMetricQueryArgs":
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=f"m{number}",
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=figure.namespace,
            metric_name=figure.name,
            dimensions=dict(figure.dimensions),
            stat=figure.statistic,
            period=figure.period_s,
        ),
        return_data=False,
    )


def _queries(alarm: Alarm) -> "list[cloudwatch.MetricAlarmMetricQueryArgs]":
    joined = cloudwatch.MetricAlarmMetricQueryArgs(
        id="joined", expression=alarm.expression, label=alarm.meaning, return_data=True
    )
    return [joined, *(_query(number, figure) for number, figure in enumerate(alarm.figures))]
