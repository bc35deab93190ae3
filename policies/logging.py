"""What happened can be read afterwards, and is not kept for ever."""

from collections.abc import Sequence

from policies import aws_types
from policies.places import expect, is_set, is_true, value_at
from policies.rule import Fault, Inputs, Profile, Resource, Rule, StackRule, only


@only(aws_types.LOG_GROUP)
def _retention(inputs: Inputs) -> list[Fault]:
    change = "Nothing would ever be deleted: set scipio:monitoring.logRetentionDays."
    return expect(inputs, "retentionInDays", is_set, change)


@only(aws_types.DATABASE)
def _database(inputs: Inputs) -> list[Fault]:
    return expect(
        inputs,
        "enabledCloudwatchLogsExports",
        lambda logs: "postgresql" in (logs or ()),
        "It must hold postgresql.",
    )


@only(aws_types.BROKER)
def _broker(inputs: Inputs) -> list[Fault]:
    change = "Set scipio:messaging.logs to true."
    return [
        fault
        for log in ("logs.general", "logs.audit")
        for fault in expect(inputs, log, is_true, change)
    ]


@only(aws_types.LOAD_BALANCER)
def _balancer(inputs: Inputs) -> list[Fault]:
    if is_true(value_at(inputs, "internal")):
        return []
    return expect(inputs, "accessLogs.enabled", is_true, "Set scipio:balancer.accessLogs to true.")


def _firewall(resources: Sequence[Resource]) -> list[Fault]:
    return _one_for_each(
        resources,
        thing=aws_types.WEB_ACL,
        log=aws_types.WEB_ACL_LOGGING,
        change="Set scipio:waf.logging to true.",
    )


def _network(resources: Sequence[Resource]) -> list[Fault]:
    return _one_for_each(
        resources,
        thing=aws_types.VPC,
        log=aws_types.FLOW_LOG,
        change="Set scipio:network.flowLogs to true.",
    )


def _one_for_each(
    resources: Sequence[Resource], *, thing: str, log: str, change: str
) -> list[Fault]:
    things = sum(each.type == thing for each in resources)
    logs = sum(each.type == log for each in resources)
    if logs >= things:
        return []
    kind = thing.rsplit(":", maxsplit=1)[-1]
    return [Fault(place=f"logs of {kind}", seen=f"{logs} of {things}", change=change)]


RULES = (
    Rule(
        name="logs-end-some-day",
        promise="Every log group says how long it keeps what is in it.",
        faults=_retention,
    ),
    Rule(
        name="database-logs",
        promise="The database's log goes to CloudWatch.",
        faults=_database,
    ),
)

_SHARED_RULES = (
    Rule(
        name="broker-logs",
        promise="The broker's general and audit log go to CloudWatch.",
        faults=_broker,
    ),
    Rule(
        name="balancer-logs",
        promise="The public load balancer writes down every request.",
        faults=_balancer,
    ),
)

_SHARED_STACK_RULES = (
    StackRule(
        name="firewall-logs",
        promise="The web application firewall writes down what it refuses.",
        faults=_firewall,
    ),
)

_PRODUCTION_STACK_RULES = (
    StackRule(
        name="network-logs",
        promise="A network of the stack's own writes down its connections.",
        faults=_network,
    ),
)


def rules(profile: Profile) -> tuple[Rule, ...]:
    """Development may do without logs that cost money."""
    return RULES if profile in ("local", "dev") else (*RULES, *_SHARED_RULES)


def stack_rules(profile: Profile) -> tuple[StackRule, ...]:
    """The same for what the whole stack has."""
    if profile in ("local", "dev"):
        return ()
    return (*_SHARED_STACK_RULES, *(_PRODUCTION_STACK_RULES if profile == "prod" else ()))
