"""The figures that AWS itself keeps of a cluster: their names, dimensions and best statistic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.aws.watched import WatchedCluster, WatchedSearch, WatchedServers

Statistic = Literal["Average", "Minimum", "Maximum", "Sum", "p95"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure over time; `period_s` is a multiple of 60, as all of these come by the minute."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: Statistic
    period_s: int = 60


def load_balancer(
    watched: WatchedCluster, name: str, statistic: Statistic, period_s: int = 300
) -> Metric:
    """Of the load balancer (elasticloadbalancing/latest/application/load-balancer-cloudwatch)."""
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        dimensions={"LoadBalancer": watched.load_balancer_suffix},
        statistic=statistic,
        period_s=period_s,
    )


def target_group(
    watched: WatchedCluster,
    servers: WatchedServers,
    name: str,
    statistic: Statistic = "Maximum",
) -> Metric:
    """Of the nodes of one colour, as the load balancer sees them: the worst of each minute."""
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        dimensions={
            "LoadBalancer": watched.load_balancer_suffix,
            "TargetGroup": servers.target_group_suffix,
        },
        statistic=statistic,
    )


def search_target(search: WatchedSearch, name: str) -> Metric:
    """Of the search server, as its balancer sees it (elasticloadbalancing/latest/network,
    load-balancer-cloudwatch-metrics)."""
    return Metric(
        namespace="AWS/NetworkELB",
        name=name,
        dimensions={
            "LoadBalancer": search.balancer_suffix,
            "TargetGroup": search.target_group_suffix,
        },
        statistic="Maximum",
    )


def server_group(servers: WatchedServers | WatchedSearch, name: str) -> Metric:
    """Of a group, which keeps those alone that it was told to (autoscaling, group metrics)."""
    return Metric(
        namespace="AWS/AutoScaling",
        name=name,
        dimensions={"AutoScalingGroupName": servers.group_name},
        statistic="Average",
    )


def server_cpu(servers: WatchedServers) -> Metric:
    """Mean load of the servers of a colour."""
    return Metric(
        namespace="AWS/EC2",
        name="CPUUtilization",
        dimensions={"AutoScalingGroupName": servers.group_name},
        statistic="Average",
        period_s=300,
    )


def database(
    watched: WatchedCluster, name: str, statistic: Statistic, period_s: int = 300
) -> Metric:
    """Of the database (AmazonRDS/latest/UserGuide/rds-metrics)."""
    return Metric(
        namespace="AWS/RDS",
        name=name,
        dimensions={"DBInstanceIdentifier": watched.database.identifier},
        statistic=statistic,
        period_s=period_s,
    )


def brokers(watched: WatchedCluster, name: str) -> list[Metric]:
    """Of each instance; one that waits sends little (developer guide, activemq-logging-monitoring).

    The largest of each minute.
    """
    return [
        Metric(
            namespace="AWS/AmazonMQ", name=name, dimensions={"Broker": each}, statistic="Maximum"
        )
        for each in watched.broker.instance_names
    ]


def topic(watched: WatchedCluster, name: str, statistic: Statistic) -> list[Metric]:
    """Of the nodes' topic, on each instance."""
    return [
        Metric(
            namespace="AWS/AmazonMQ",
            name=name,
            dimensions={"Broker": each, "Topic": watched.broker.topic},
            statistic=statistic,
        )
        for each in watched.broker.instance_names
    ]


def files(watched: WatchedCluster, name: str, statistic: Statistic) -> Metric:
    """Of the shared files (efs/latest/ug/efs-metrics)."""
    return Metric(
        namespace="AWS/EFS",
        name=name,
        dimensions={"FileSystemId": watched.files.file_system_id},
        statistic=statistic,
        period_s=300,
    )


def certificate(watched: WatchedCluster) -> Metric:
    """Days until it ends; reported twice a day (acm/latest/userguide/cloudwatch-metrics)."""
    return Metric(
        namespace="AWS/CertificateManager",
        name="DaysToExpiry",
        dimensions={"CertificateArn": watched.certificate_arn},
        statistic="Minimum",
        period_s=86_400,
    )
