"""Rules of the broker."""

from contract.faults import Fault
from settings.aws.catalogue import BROKER_CONNECTIONS
from settings.aws.rules.rule import Rule
from settings.aws.settings import AwsSettings
from settings.time_zones import unknown_time_zone

EVALUATION_TYPE = "mq.t3.micro"


def broker_suits_its_deployment(settings: AwsSettings) -> list[Fault]:
    """A pair, and any broker in `prod`, is mq.m5.large at least."""
    messaging = settings.messaging
    if messaging.instance_type != EVALUATION_TYPE:
        return []
    reason = None
    if messaging.deployment == "active-standby":
        reason = "a pair that is to survive a zone would fail under load first"
    elif settings.profile == "prod":
        reason = "production would run out of connections"
    if reason is None:
        return []
    return [
        Fault(
            place=("messaging", "instanceType"),
            others=(("messaging", "deployment"),),
            problem=f"{EVALUATION_TYPE} has 1 GiB and {BROKER_CONNECTIONS[EVALUATION_TYPE]} "
            f"connections, and the ERP opens one for each message: {reason}",
            hint="Take mq.m5.large, or deployment single outside of production.",
        )
    ]


def broker_users_differ(settings: AwsSettings) -> list[Fault]:
    """`messaging.appUser` and `messaging.operatorUser` are two users."""
    messaging = settings.messaging
    if messaging.app_user.casefold() != messaging.operator_user.casefold():
        return []
    return [
        Fault(
            place=("messaging", "operatorUser"),
            others=(("messaging", "appUser"),),
            problem=f'"{messaging.operator_user}" is the nodes\' user too, which may do less',
            hint="Take another name.",
        )
    ]


def broker_window_has_a_time_zone(settings: AwsSettings) -> list[Fault]:
    """`messaging.maintenanceWindow.timeZone` is one that Java knows."""
    return unknown_time_zone(
        settings.messaging.maintenance_window.time_zone,
        ("messaging", "maintenanceWindow", "timeZone"),
        "Amazon MQ would refuse it",
    )


RULES: tuple[Rule, ...] = (
    broker_suits_its_deployment,
    broker_users_differ,
    broker_window_has_a_time_zone,
)
