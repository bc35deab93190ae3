"""Alarms that mean something, where they go, the page and the budget."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest
from pulumi_aws import cloudwatch

from components.aws.alarms import cluster_alarms
from components.aws.dashboard import dashboard_body
from components.aws.events import EventSources
from components.aws.logs import NodeLogs, NodeLogsArgs
from components.aws.monitoring import Monitoring, MonitoringArgs
from components.aws.release_alarms import subjects
from components.aws.server_group import METRICS
from components.aws.watched import (
    WatchedBroker,
    WatchedCluster,
    WatchedDatabase,
    WatchedFiles,
    WatchedSearch,
    WatchedServers,
)
from settings.aws import monitoring
from tests.components.aws.sections import (
    KEY_ARN,
    api_faults,
    recorded,
    section,
    surroundings,
)
from tests.support.recorder import Recording, Registration

BALANCER = "app/scipio-prod/0123456789abcdef"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:operators"


def servers(colour: str, *, smallest: int = 2, largest: int = 4) -> WatchedServers:
    return WatchedServers(
        group_name=f"scipio-prod-{colour}",
        target_group_suffix=f"targetgroup/scipio-prod-{colour}/0123456789abcdef",
        min=smallest,
        max=largest,
        leave_within_s=1020,
        warmup_s=120,
    )


SERVERS = "in-service"
"""A resource that stands in for the servers."""

SEARCH = WatchedSearch(
    group_name="scipio-prod-search",
    balancer_suffix="net/scipio-prod-search/0123456789abcdef",
    target_group_suffix="targetgroup/scipio-prod-search/0123456789abcdef",
)


def watched(
    *,
    bursting: bool = False,
    brokers: int = 2,
    search: WatchedSearch | None = SEARCH,
    **colours: WatchedServers,
) -> WatchedCluster:
    return WatchedCluster(
        load_balancer_suffix=BALANCER,
        certificate_arn=CERTIFICATE,
        servers=colours or {"blue": servers("blue")},
        search=search,
        database=WatchedDatabase(
            identifier="scipio-prod-0a1b2c3d", connections=700, storage_gib=100
        ),
        broker=WatchedBroker(
            instance_names=[f"scipio-prod-broker-{number + 1}" for number in range(brokers)],
            topic="ScipioTopic",
        ),
        files=WatchedFiles(file_system_id="fs-0123456789abcdef0", bursting=bursting),
    )


def monitored(
    cluster: WatchedCluster | None = None, *, key_arn: str | None = KEY_ARN, **changes: Any
) -> Recording:
    args = MonitoringArgs(
        surroundings=surroundings(),
        settings=section(monitoring.Monitoring, "monitoring", **changes),
        watched=cluster or watched(),
        sources=SOURCES,
        key_arn=key_arn,
    )

    def program() -> Monitoring:
        made = Monitoring("monitoring", args)
        made.watch_signs_of_life(cloudwatch.LogGroup(SERVERS))
        return made

    return recorded(program)


SOURCES = EventSources(
    database_arn="arn:aws:rds:eu-central-1:123456789012:db:scipio-prod-0a1b2c3d",
    group_prefix="scipio-prod-",
    backup=None,
)


def alarms(cluster: WatchedCluster | None = None, **changes: Any) -> Mapping[str, Registration]:
    made = monitored(cluster, **changes).of_type("MetricAlarm")
    return {each.name.removeprefix("scipio-prod-"): each for each in made}


def queries(alarm: Registration) -> tuple[str, dict[str, tuple[str, str]]]:
    """The calculation, and each figure's name and dimensions as text, by its id."""
    joined, *figures = alarm.inputs["metricQueries"]
    assert joined["returnData"] is True
    assert not any(each["returnData"] for each in figures)
    return joined["expression"], {
        each["id"]: (each["metric"]["metricName"], json.dumps(each["metric"]["dimensions"]))
        for each in figures
    }


def test_there_is_an_alarm_for_everything_that_an_operator_must_know() -> None:
    assert set(alarms()) == {
        "no-node",
        "server-errors",
        "latency-p95",
        "errors-blue",
        "nodes-unhealthy-blue",
        "drain-overdue-blue",
        "servers-at-maximum-blue",
        "search-away",
        "database-cpu",
        "database-connections",
        "database-storage",
        "broker-heap",
        "broker-store",
        "broker-consumers",
        "certificate-expiry",
    }


def test_each_colour_has_alarms_of_its_own() -> None:
    both = set(alarms(watched(blue=servers("blue"), green=servers("green"))))

    assert {each for each in both if each.endswith("-green")} == {
        "errors-green",
        "nodes-unhealthy-green",
        "drain-overdue-green",
        "servers-at-maximum-green",
    }


def test_every_alarm_says_what_it_means_and_tells_of_its_end() -> None:
    for each in alarms(alarm_topic_arn=TOPIC).values():
        assert len(each.inputs["alarmDescription"]) > 20
        assert each.inputs["alarmActions"] == [TOPIC]
        assert each.inputs["okActions"] == [TOPIC]
        assert each.inputs["datapointsToAlarm"] == each.inputs["evaluationPeriods"]


def test_a_few_visitors_on_a_new_colour_are_enough_to_see_that_it_fails() -> None:
    """5 % of all are too few to be many errors of all."""
    alarm = cluster_alarms(watched(), section(monitoring.Monitoring, "monitoring"))["errors-blue"]

    assert [(each.name, each.statistic) for each in alarm.figures] == [
        ("HTTPCode_Target_5XX_Count", "Sum"),
        ("RequestCount", "Sum"),
    ]
    assert alarm.expression == "IF(FILL(m1, 0) >= 20, 100 * FILL(m0, 0) / m1, 0)"
    assert (alarm.comparison, alarm.threshold, alarm.periods) == ("GreaterThanThreshold", 5, 3)


def test_the_alarms_of_a_release_are_found_by_the_beginnings_of_their_names() -> None:
    made = [
        str(each.outputs["name"])
        for each in monitored(watched(blue=servers("blue"), green=servers("green"))).of_type(
            "MetricAlarm"
        )
    ]
    for subject in subjects(["blue", "green"]):
        assert len([name for name in made if name.startswith(f"scipio-prod-{subject}-")]) == 1


def test_the_limits_are_the_settings() -> None:
    made = alarms(latency_p95_ms=1500, errors_per_5_minutes=7)

    assert made["latency-p95"].inputs["threshold"] == 1.5
    assert made["server-errors"].inputs["threshold"] == 7


def test_slow_answers_are_the_slowest_twentieth_and_one_at_night_is_no_news() -> None:
    inputs = alarms()["latency-p95"].inputs

    assert inputs["extendedStatistic"] == "p95"
    assert inputs["metricName"] == "TargetResponseTime"
    assert inputs["dimensions"] == {"LoadBalancer": BALANCER}
    assert inputs["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in inputs


def test_server_errors_are_those_of_nodes_and_those_for_want_of_one() -> None:
    """Neither is reported while there is none, which counts as nothing and not as unknown."""
    alarm = alarms()["server-errors"]
    expression, figures = queries(alarm)

    assert expression == "FILL(m0, 0) + FILL(m1, 0)"
    assert {name for name, _ in figures.values()} == {
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_5XX_Count",
    }
    assert alarm.inputs["treatMissingData"] == "notBreaching"


def test_that_no_node_serves_is_seen_over_both_colours_and_from_silence() -> None:
    alarm = alarms(watched(blue=servers("blue"), green=servers("green")))["no-node"]
    expression, figures = queries(alarm)

    assert expression == "FILL(m0, 0) + FILL(m1, 0)"
    assert {name for name, _ in figures.values()} == {"HealthyHostCount"}
    assert alarm.inputs["treatMissingData"] == "breaching"


def test_a_group_of_one_size_is_not_told_that_it_is_at_its_maximum() -> None:
    fixed = watched(blue=servers("blue", smallest=3, largest=3))

    assert "servers-at-maximum-blue" not in alarms(fixed)


def rings(minutes: list[tuple[int, int]], cluster: WatchedServers) -> bool:
    """Whether `drain-overdue` rings: of each minute how many servers end, and how many start."""
    alarm = cluster_alarms(watched(blue=cluster), section(monitoring.Monitoring, "monitoring"))[
        "drain-overdue-blue"
    ]
    assert alarm.expression == "IF(FILL(m1, 0) > 0, 0, FILL(m0, 0))"
    assert [each.name for each in alarm.figures] == [
        "GroupTerminatingInstances",
        "GroupPendingInstances",
    ]
    over = [0 if starting > 0 else ending > 0 for ending, starting in minutes]
    return any(all(over[at : at + alarm.periods]) for at in range(len(over) - alarm.periods + 1))


def a_release(*, count: int, boot: int, leave: int, warmup: int) -> list[tuple[int, int]]:
    """One server comes, serves for the warm-up, and an old one leaves while the next one comes."""
    ends_at = [each * (boot + warmup) + boot + warmup for each in range(count)]
    starts_at = [each * (boot + warmup) for each in range(count)]
    return [
        (
            sum(at <= minute < at + leave for at in ends_at),
            sum(at <= minute < at + boot for at in starts_at),
        )
        for minute in range(ends_at[-1] + leave + 10)
    ]


@pytest.mark.parametrize("count", [1, 2, 6, 20])
@pytest.mark.parametrize("boot", [1, 5, 22])
def test_no_drain_is_overdue_in_a_release_however_many_servers_leave(count: int, boot: int) -> None:
    """Each in the longest time that it may take, overlapping the others."""
    leave = 1020 // 60
    release = a_release(count=count, boot=boot, leave=leave, warmup=2)

    assert not rings(release, servers("blue"))


def test_a_drain_that_does_not_end_is_overdue_soon_after_its_time() -> None:
    leave = 1020 // 60
    stuck = [(1, 0)] * (leave + 5)

    assert rings(stuck, servers("blue"))
    assert not rings([(1, 0)] * leave, servers("blue"))


def test_the_databases_limits_follow_its_size() -> None:
    made = alarms()

    assert made["database-connections"].inputs["threshold"] == 560
    assert made["database-storage"].inputs["threshold"] == 10 * 1024**3
    assert made["database-cpu"].inputs["dimensions"] == {
        "DBInstanceIdentifier": "scipio-prod-0a1b2c3d"
    }


@pytest.mark.parametrize(("brokers", "expression"), [(1, "MAX([m0])"), (2, "MAX([m0, m1])")])
def test_the_brokers_heap_is_that_of_the_one_that_is_live(brokers: int, expression: str) -> None:
    alarm = alarms(watched(brokers=brokers))["broker-heap"]
    joined, figures = queries(alarm)

    assert joined == expression
    assert [dimensions for _, dimensions in figures.values()] == [
        f'{{"Broker": "scipio-prod-broker-{number + 1}"}}' for number in range(brokers)
    ]
    assert alarm.inputs["treatMissingData"] == "breaching"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a cluster with two brokers reports in a minute; groups as servers that are pending, and
    all servers, which are those in service, pending and terminating."""

    listeners: tuple[int | None, int | None]
    apps: tuple[int, int]
    search: tuple[int, int] = (0, 1)


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        pytest.param(Moment(listeners=(3, 0), apps=(0, 2)), False, id="all listen"),
        pytest.param(Moment(listeners=(3, None), apps=(0, 2)), False, id="one broker reports"),
        pytest.param(Moment(listeners=(2, 0), apps=(0, 2)), True, id="an app node is deaf"),
        pytest.param(Moment(listeners=(0, 2), apps=(0, 2)), True, id="at the other broker"),
        pytest.param(Moment(listeners=(3, 0), apps=(1, 3)), False, id="a new server boots"),
        pytest.param(Moment(listeners=(2, 0), apps=(1, 3)), True, id="deaf while one boots"),
        pytest.param(Moment(listeners=(4, 0), apps=(0, 3)), False, id="an old node drains"),
        pytest.param(Moment(listeners=(3, 0), apps=(0, 3)), True, id="deaf while one drains"),
        pytest.param(
            Moment(listeners=(3, 0), apps=(0, 2), search=(1, 2)), False, id="a new search server"
        ),
        pytest.param(
            Moment(listeners=(2, 0), apps=(0, 2), search=(1, 2)), True, id="deaf beside that"
        ),
        pytest.param(Moment(listeners=(None, None), apps=(0, 2)), True, id="no broker reports"),
        pytest.param(Moment(listeners=(0, 0), apps=(2, 2), search=(1, 1)), False, id="first boot"),
    ],
)
def test_one_deaf_node_is_seen_beside_the_search_node_and_during_a_release(
    moment: Moment, rings: bool
) -> None:
    alarm = alarms()["broker-consumers"]
    expression, figures = queries(alarm)
    groups = {"scipio-prod-blue": moment.apps, "scipio-prod-search": moment.search}
    values: dict[str, int | None] = {}
    for each, (name, dimensions) in figures.items():
        told = json.loads(dimensions)
        if name == "ConsumerCount":
            assert told["Topic"] == "ScipioTopic"
            values[each] = moment.listeners[int(told["Broker"][-1]) - 1]
        else:
            pending, total = groups[told["AutoScalingGroupName"]]
            values[each] = {"GroupPendingInstances": pending, "GroupTotalInstances": total}[name]

    assert alarm.inputs["comparisonOperator"] == "LessThanThreshold"
    assert (calculated(expression, values) < alarm.inputs["threshold"]) is rings


def calculated(expression: str, values: Mapping[str, int | None]) -> int:
    """Metric math of sums and differences: `FILL(m, x)` is x where `m` is not reported."""

    def filled(found: re.Match[str]) -> str:
        value = values[found[1]]
        return found[2] if value is None else str(value)

    plain = re.sub(r"FILL\((m\d+), (\d+)\)", filled, expression)
    total = 0
    for part in re.finditer(r"([-+]?) ?\(([\d +]+)\)", plain):
        total += (-1 if part[1] == "-" else 1) * sum(map(int, part[2].split(" + ")))
    assert re.sub(r"([-+]?) ?\(([\d +]+)\)", "", plain).strip() == ""
    return total


def test_both_colours_and_the_search_node_are_fewer_figures_than_an_alarm_takes() -> None:
    """Ten (AmazonCloudWatch/latest/monitoring, Create-alarm-on-metric-math-expression)."""
    both = watched(blue=servers("blue"), green=servers("green"))
    settings = section(monitoring.Monitoring, "monitoring")

    for subject, alarm in cluster_alarms(both, settings).items():
        assert len(alarm.figures) <= 10, subject


def test_the_search_server_is_missed_after_five_minutes() -> None:
    inputs = alarms()["search-away"].inputs

    assert inputs["namespace"] == "AWS/NetworkELB"
    assert inputs["metricName"] == "HealthyHostCount"
    assert inputs["dimensions"] == {
        "LoadBalancer": SEARCH.balancer_suffix,
        "TargetGroup": SEARCH.target_group_suffix,
    }
    assert inputs["evaluationPeriods"] * inputs["period"] == 300
    assert inputs["treatMissingData"] == "breaching"
    assert "search-away" not in alarms(watched(search=None))


def test_nothing_is_missed_before_there_are_servers() -> None:
    """Ten to twenty minutes pass in a first update, and silence would page people."""
    made = monitored().of_type("MetricAlarm")
    silent = {each.name for each in made if each.inputs["treatMissingData"] == "breaching"}
    after_servers = {
        each.name for each in made if any(urn.endswith(SERVERS) for urn in each.depends_on)
    }

    assert silent == after_servers
    assert {name.removeprefix("scipio-prod-") for name in silent} == {
        "no-node",
        "search-away",
        "database-cpu",
        "broker-heap",
        "broker-consumers",
    }


@pytest.mark.parametrize("bursting", [True, False])
def test_credits_are_watched_where_files_live_by_them(bursting: bool) -> None:
    assert ("files-burst-credits" in alarms(watched(bursting=bursting))) is bursting


def test_a_certificate_is_missed_a_month_before_it_ends() -> None:
    inputs = alarms()["certificate-expiry"].inputs

    assert inputs["dimensions"] == {"CertificateArn": CERTIFICATE}
    assert (inputs["threshold"], inputs["comparisonOperator"]) == (30, "LessThanThreshold")


def test_every_figure_of_a_group_is_one_that_the_group_keeps() -> None:
    """Auto Scaling keeps those alone that it was told to keep; an alarm on another never goes."""
    settings = section(monitoring.Monitoring, "monitoring")
    both = watched(blue=servers("blue"))
    used = {
        figure.name
        for alarm in cluster_alarms(both, settings).values()
        for figure in alarm.figures
        if figure.namespace == "AWS/AutoScaling"
    }

    assert used
    assert used <= set(METRICS)


def test_every_expression_names_exactly_the_figures_that_it_has() -> None:
    settings = section(monitoring.Monitoring, "monitoring")
    both = watched(bursting=True, blue=servers("blue"), green=servers("green"))
    for subject, alarm in cluster_alarms(both, settings).items():
        names = {f"m{number}" for number in range(len(alarm.figures))}
        if alarm.expression is None:
            assert len(alarm.figures) == 1, subject
        else:
            assert set(re.findall(r"\bm\d+\b", alarm.expression)) == names, subject


def test_no_alarm_looks_back_for_more_than_a_day() -> None:
    """CloudWatch refuses one that does, when its period is shorter than an hour."""
    settings = section(monitoring.Monitoring, "monitoring")
    for subject, alarm in cluster_alarms(watched(bursting=True), settings).items():
        assert max(each.period_s for each in alarm.figures) * alarm.periods <= 86_400, subject


def test_the_topic_is_encrypted_and_takes_messages_of_this_account_alone() -> None:
    recording = monitored()
    [topic] = recording.of_type("sns/topic:Topic")
    [policy] = recording.of_type("TopicPolicy")
    statements = json.loads(policy.inputs["policy"])["Statement"]

    assert topic.inputs["kmsMasterKeyId"] == KEY_ARN
    assert [each["Principal"]["Service"] for each in statements] == [
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "budgets.amazonaws.com",
    ]
    assert {each["Resource"] for each in statements} == {topic.outputs["arn"]}
    for statement in statements:
        # EventBridge says nothing of the account (test_events).
        if statement["Principal"]["Service"] == "events.amazonaws.com":
            continue
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_amazons_own_key_for_topics_is_never_used() -> None:
    """CloudWatch may not use it: every alarm would be lost without a word."""
    [topic] = monitored(key_arn=None).of_type("sns/topic:Topic")

    assert "kmsMasterKeyId" not in topic.inputs


def test_each_address_is_told_and_is_known_by_itself_and_not_by_its_place() -> None:
    first = monitored(alarm_emails=["a@example.com", "b@example.com"])
    second = monitored(alarm_emails=["b@example.com"])
    names = {each.inputs["endpoint"]: each.name for each in first.of_type("TopicSubscription")}

    assert set(names) == {"a@example.com", "b@example.com"}
    assert [each.name for each in second.of_type("TopicSubscription")] == [names["b@example.com"]]
    assert all(each.inputs["protocol"] == "email" for each in first.of_type("TopicSubscription"))


def test_a_topic_that_is_there_already_is_used_and_left_alone() -> None:
    recording = monitored(alarm_topic_arn=TOPIC, alarm_emails=["a@example.com"])

    assert recording.of_type("TopicSubscription")[0].inputs["topic"] == TOPIC
    with pytest.raises(LookupError):
        recording.of_type("sns/topic:Topic")


def test_without_alarms_and_budget_there_is_no_topic_either() -> None:
    recording = monitored(alarms=False, dashboard=False)

    assert [each.name for each in recording if each.custom] == [SERVERS]


def test_the_budget_tells_at_four_fifths_and_by_forecast() -> None:
    recording = monitored(monthly_budget_usd=1500, alarm_emails=["a@example.com"])
    [budget] = recording.of_type("budgets/budget:Budget")

    assert (budget.inputs["limitAmount"], budget.inputs["limitUnit"]) == ("1500", "USD")
    assert budget.inputs["accountId"] == "123456789012"
    assert [
        (each["notificationType"], each["threshold"], each["subscriberEmailAddresses"])
        for each in budget.inputs["notifications"]
    ] == [("ACTUAL", 80, ["a@example.com"]), ("FORECASTED", 100, ["a@example.com"])]


def test_a_budget_without_addresses_tells_the_topic() -> None:
    """AWS takes no notification that nobody hears."""
    recording = monitored(monthly_budget_usd=1500, alarms=False)
    [budget] = recording.of_type("budgets/budget:Budget")
    [topic] = recording.of_type("sns/topic:Topic")

    for each in budget.inputs["notifications"]:
        assert each["subscriberSnsTopicArns"] == [topic.outputs["arn"]]
        assert each["subscriberEmailAddresses"] == []


def test_the_page_shows_every_part_of_the_cluster_in_a_grid() -> None:
    [page] = monitored(watched(blue=servers("blue"), green=servers("green"))).of_type("Dashboard")[
        -1:
    ]
    widgets = json.loads(page.inputs["dashboardBody"])["widgets"]
    places = {(each["x"], each["y"]) for each in widgets}
    namespaces = {line[0] for each in widgets for line in each["properties"]["metrics"]}

    assert page.inputs["dashboardName"] == "scipio-prod"
    assert len(places) == len(widgets)
    assert all(each["x"] + each["width"] <= 24 for each in widgets)
    assert {each["properties"]["region"] for each in widgets} == {"eu-central-1"}
    assert namespaces == {
        "AWS/ApplicationELB",
        "AWS/AutoScaling",
        "AWS/EC2",
        "AWS/RDS",
        "AWS/AmazonMQ",
        "AWS/EFS",
    }


def test_each_line_of_the_page_is_a_name_its_dimensions_and_how_it_is_drawn() -> None:
    """The array that CloudWatch reads: namespace, name, pairs, and options at the end."""
    seen: list[str] = []

    def make() -> NodeLogs:
        dashboard_body(watched(), "eu-central-1").apply(seen.append)
        return NodeLogs(
            "logs",
            NodeLogsArgs(surroundings=surroundings(), retention_days=7, keep=True, key_arn=None),
        )

    recorded(make)

    for widget in json.loads(seen[0])["widgets"]:
        for line in widget["properties"]["metrics"]:
            *texts, options = line
            assert len(texts) % 2 == 0
            assert all(isinstance(text, str) for text in texts)
            assert set(options) == {"stat", "period"}


@pytest.mark.parametrize("dashboard", [True, False])
def test_the_page_is_there_when_asked_for(dashboard: bool) -> None:
    pages = [
        each
        for each in monitored(dashboard=dashboard)
        if each.type.startswith("aws:cloudwatch/dash")
    ]

    assert len(pages) == int(dashboard)


def test_a_release_goes_back_by_what_visitors_notice() -> None:
    seen: list[list[str]] = []

    def make() -> Monitoring:
        args = MonitoringArgs(
            surroundings=surroundings(),
            settings=section(monitoring.Monitoring, "monitoring"),
            watched=watched(),
            sources=SOURCES,
            key_arn=None,
        )
        made = Monitoring("monitoring", args)
        pulumi.Output.all(*made.rollback_alarm_names).apply(seen.append)
        return made

    recording = recorded(make)

    assert seen == [
        [
            recording.named("MetricAlarm", f"scipio-prod-{subject}").outputs["name"]
            for subject in ("server-errors", "latency-p95", "errors-blue")
        ]
    ]


@pytest.mark.parametrize("key_arn", [KEY_ARN, None])
def test_the_nodes_lines_are_kept_for_a_time(key_arn: str | None) -> None:
    args = NodeLogsArgs(surroundings=surroundings(), retention_days=30, keep=False, key_arn=key_arn)
    recording = recorded(lambda: NodeLogs("logs", args))
    [group] = recording.of_type("LogGroup")

    assert group.inputs["retentionInDays"] == 30
    assert ("kmsKeyId" in group.inputs) is (key_arn is not None)
    assert api_faults(recording) == []


def test_aws_accepts_all_of_it() -> None:
    everything = monitored(
        watched(bursting=True, blue=servers("blue"), green=servers("green")),
        monthly_budget_usd=100,
        alarm_emails=["a@example.com"],
    )

    assert api_faults(everything) == []
