"""One page with the figures of the whole cluster, from the visitors down to the disks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi
from pulumi_aws import cloudwatch

from components.aws import metrics
from components.aws.metrics import Metric
from components.aws.surroundings import AwsSurroundings
from components.aws.watched import WatchedCluster

_COLUMNS: Final = 3
_WIDTH: Final = 24 // _COLUMNS
"""A page is 24 units wide (CloudWatch, Dashboard body structure)."""
_HEIGHT: Final = 6


class Properties(TypedDict):
    """What a graph shows."""

    title: str
    region: str
    view: str
    stacked: bool
    metrics: list[list[pulumi.Input[str] | dict[str, object]]]


class Widget(TypedDict):
    """One graph and its place."""

    type: str
    x: int
    y: int
    width: int
    height: int
    properties: Properties


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """`watched` is what the page shows."""

    surroundings: AwsSurroundings
    watched: WatchedCluster


class Dashboard(pulumi.ComponentResource):
    """A page in CloudWatch; losing it loses nothing."""

    dashboard_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Dashboard", name, None, opts)
        page = cloudwatch.Dashboard(
            args.surroundings.named("cluster"),
            # The service finds pages by name; there is no automatic one.
            dashboard_name=args.surroundings.cluster,
            dashboard_body=dashboard_body(args.watched, args.surroundings.region),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.dashboard_name = page.dashboard_name
        self.register_outputs({"dashboardName": self.dashboard_name})


def dashboard_body(watched: WatchedCluster, region: str) -> pulumi.Output[str]:
    """The page as the JSON that CloudWatch reads: three graphs a row."""
    return pulumi.Output.json_dumps(
        {
            "widgets": [
                _widget(place, title, figures, region)
                for place, (title, figures) in enumerate(_graphs(watched).items())
            ]
        }
    )


def _graphs(watched: WatchedCluster) -> Mapping[str, Sequence[Metric]]:
    """What each graph shows, by its title."""
    servers = list(watched.servers.values())
    of_visitors = metrics.load_balancer
    return {
        "Requests": [of_visitors(watched, "RequestCount", "Sum")],
        "Server errors": [
            of_visitors(watched, "HTTPCode_ELB_5XX_Count", "Sum"),
            of_visitors(watched, "HTTPCode_Target_5XX_Count", "Sum"),
        ],
        "Seconds to answer": [
            of_visitors(watched, "TargetResponseTime", "p95"),
            of_visitors(watched, "TargetResponseTime", "Average"),
        ],
        "Nodes": [
            metrics.target_group(watched, each, name)
            for each in servers
            for name in ("HealthyHostCount", "UnHealthyHostCount")
        ],
        "Servers": [
            metrics.server_group(each, name)
            for each in servers
            for name in ("GroupInServiceInstances", "GroupDesiredCapacity", "GroupMaxSize")
        ],
        "Servers: processor (percent)": [metrics.server_cpu(each) for each in servers],
        "Database: processor (percent)": [metrics.database(watched, "CPUUtilization", "Average")],
        "Database: connections": [metrics.database(watched, "DatabaseConnections", "Maximum")],
        "Database: free disk and memory (bytes)": [
            metrics.database(watched, name, "Minimum")
            for name in ("FreeStorageSpace", "FreeableMemory")
        ],
        "Database: seconds a read or write takes": [
            metrics.database(watched, name, "Average") for name in ("ReadLatency", "WriteLatency")
        ],
        "Broker: heap and processor (percent)": [
            figure
            for name in ("HeapUsage", "CpuUtilization")
            for figure in metrics.brokers(watched, name)
        ],
        "Cache clears": [
            figure
            for name in ("EnqueueCount", "DispatchCount", "ExpiredCount")
            for figure in metrics.topic(watched, name, "Sum")
        ],
        "Nodes that listen to cache clears": metrics.topic(watched, "ConsumerCount", "Maximum"),
        "Shared files: connections": [metrics.files(watched, "ClientConnections", "Sum")],
        "Shared files: share of the limit (percent)": [
            metrics.files(watched, "PercentIOLimit", "Maximum")
        ],
    }


def _widget(place: int, title: str, figures: Sequence[Metric], region: str) -> Widget:
    return {
        "type": "metric",
        "x": place % _COLUMNS * _WIDTH,
        "y": place // _COLUMNS * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "view": "timeSeries",
            "stacked": False,
            "metrics": [_line(figure) for figure in figures],
        },
    }


def _line(figure: Metric) -> list[pulumi.Input[str] | dict[str, object]]:
    """Namespace, name, each dimension's name and value, then how it is drawn."""
    dimensions = [part for pair in figure.dimensions.items() for part in pair]
    return [
        figure.namespace,
        figure.name,
        *dimensions,
        {"stat": figure.statistic, "period": figure.period_s},
    ]
