"""ActiveMQ, run by Amazon MQ: one broker, or a pair of which one is live."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import pulumi
from pulumi_aws import cloudwatch, ec2, mq

from components.aws.policy_document import policy_document
from components.aws.surroundings import AwsSurroundings
from contract.cluster_document import BrokerEndpoint
from settings.aws.broker_passwords import fault_of
from settings.aws.mq_messaging import MqMessaging
from templates.amazonmq.context import (
    APP_GROUP,
    CONSOLE_GROUP,
    OPERATOR_GROUP,
    AmazonMqConfiguration,
)
from templates.renderer import render

PORT: Final = 61617
"""OpenWire behind TLS."""
CONSOLE_PORT: Final = 8162

_SUBNETS: Final = {"single": 1, "active-standby": 2}
_MODES: Final = {"single": "SINGLE_INSTANCE", "active-standby": "ACTIVE_STANDBY_MULTI_AZ"}


class BrokerPasswordError(Exception):
    """A password that Amazon MQ would refuse after minutes of making a broker."""

    def __init__(self, user: str, fault: str) -> None:
        super().__init__(
            f"password of the broker's user {user}: it {fault}. "
            "Amazon MQ takes 12 to 250 characters, four different ones at least, none of `,:=`."
        )


class BrokerAddressError(Exception):
    """Amazon MQ names no address of a broker at which nodes can reach it."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(
            f"addresses of the broker: got {json.dumps(sorted(addresses))}; must be one that "
            f"begins with ssl:// and ends with :{PORT} for each instance. "
            "Look at the broker's state in the console of Amazon MQ, then run `pulumi refresh`."
        )


@dataclass(frozen=True, kw_only=True)
class BrokerArgs:
    """`subnet_ids` are isolated ones, one a zone, in an order that never changes.

    `key_arn` is the stack's own key; None leaves encryption to Amazon's.
    """

    surroundings: AwsSurroundings
    settings: MqMessaging
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    key_arn: pulumi.Input[str] | None
    app_password: pulumi.Input[str]
    operator_password: pulumi.Input[str]


class Broker(pulumi.ComponentResource):
    """An ActiveMQ broker that only the nodes' user may use for the nodes' topic.

    It holds nothing that outlives seconds. While it is being replaced (another deployment, other
    subnets, another key), nodes serve but do not clear each other's caches.

    A change of configuration, version, size, logs or a password takes a restart, at once or in the
    maintenance window. Until the restart Amazon MQ reports the old values, and every preview
    shows the change again. A password that is changed in place locks out the nodes that run:
    change it together with a release of them.
    """

    endpoints: pulumi.Output[list[BrokerEndpoint]]
    """Each instance's, in an order that never changes; of a pair only the live one listens."""
    console_urls: pulumi.Output[list[str]]
    broker_id: pulumi.Output[str]
    """What commands of `aws mq` ask for, and a part of the names of its log groups."""
    broker_name: pulumi.Output[str]
    instance_names: list[pulumi.Output[str]]
    """What CloudWatch calls each instance: the broker's name and a number."""
    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: BrokerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Broker", name, None, opts)
        self._args = args
        self._named = args.surroundings.named
        self._children = pulumi.ResourceOptions(parent=self)
        group = ec2.SecurityGroup(
            self._named("broker"),
            description="Broker of the cluster",
            vpc_id=args.vpc_id,
            opts=self._children,
        )
        broker = self._broker(group)
        instances = _SUBNETS[args.settings.deployment]
        self.endpoints = broker.instances.apply(
            lambda made: broker_endpoints([_addresses(each) for each in made])
        )
        self.console_urls = broker.instances.apply(
            lambda made: sorted(str(each.console_url) for each in made)
        )
        self.broker_id = broker.id
        self.broker_name = broker.broker_name
        self.instance_names = [
            pulumi.Output.concat(broker.broker_name, f"-{number + 1}")
            for number in range(instances)
        ]
        self.security_group_id = group.id
        self.register_outputs({"brokerName": self.broker_name, "consoleUrls": self.console_urls})

    def _broker(self, group: "ec2.SecurityGroup") -> "mq.Broker":
        args, settings = self._args, self._args.settings
        configuration = self._configuration()
        window = settings.maintenance_window
        return mq.Broker(
            self._named("broker"),
            engine_type="ActiveMQ",
            engine_version=settings.engine_version,
            # Without it Amazon MQ makes no broker of 5.18 or later (API reference, CreateBroker).
            auto_minor_version_upgrade=True,
            host_instance_type=settings.instance_type,
            deployment_mode=_MODES[settings.deployment],
            storage_type=_storage_type(settings),
            subnet_ids=list(args.subnet_ids[: _SUBNETS[settings.deployment]]),
            security_groups=[group.id],
            publicly_accessible=False,
            configuration=mq.BrokerConfigurationArgs(
                id=configuration.id, revision=configuration.latest_revision
            ),
            encryption_options=_encryption(args.key_arn),
            users=self._users(),
            logs=mq.BrokerLogsArgs(general=settings.logs, audit=settings.logs),
            maintenance_window_start_time=mq.BrokerMaintenanceWindowStartTimeArgs(
                day_of_week=window.day, time_of_day=window.time, time_zone=window.time_zone
            ),
            apply_immediately=settings.apply_immediately,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.surroundings.protect,
                # The provider takes another value and does nothing, so the change never goes away.
                ignore_changes=["storageType"],
                additional_secret_outputs=["users"],
                depends_on=self._log_permission(),
                # Making one takes a quarter of an hour, and a pair's restart is longer still.
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="60m", delete="60m"),
            ),
        )

    def _configuration(self) -> "mq.Configuration":
        settings = self._args.settings
        return mq.Configuration(
            self._named("broker"),
            engine_type="ActiveMQ",
            engine_version=settings.engine_version,
            description="Who may do what, and what becomes of a slow node",
            data=render(
                AmazonMqConfiguration(
                    topic=settings.topic,
                    topic_memory_mib=settings.topic_memory_mib,
                    unread_messages=settings.pending_messages,
                    slow_consumer_ms=settings.slow_consumer_s * 1000,
                )
            ),
            opts=self._children,
        )

    def _users(self) -> "list[mq.BrokerUserArgs]":
        args, settings = self._args, self._args.settings
        return [
            mq.BrokerUserArgs(
                username=settings.app_user,
                password=_accepted(settings.app_user, args.app_password),
                groups=[APP_GROUP],
                console_access=False,
            ),
            mq.BrokerUserArgs(
                username=settings.operator_user,
                password=_accepted(settings.operator_user, args.operator_password),
                groups=[OPERATOR_GROUP, CONSOLE_GROUP],
                console_access=True,
            ),
        ]

    def _log_permission(self) -> list[pulumi.Resource]:
        """Must be there before the broker is; the groups are made by Amazon MQ, by the broker's id.

        An account has ten such policies in a region at most.
        """
        surroundings = self._args.surroundings
        if not self._args.settings.logs:
            return []
        permission = cloudwatch.LogResourcePolicy(
            self._named("broker-logs"),
            # The service finds them by name; there is no automatic one.
            policy_name=self._named("broker-logs"),
            policy_document=policy_document(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "mq.amazonaws.com"},
                    "Action": ("logs:CreateLogStream", "logs:PutLogEvents"),
                    "Resource": surroundings.arn("logs", "log-group:/aws/amazonmq/*"),
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": surroundings.account_id},
                        "ArnLike": {"aws:SourceArn": surroundings.arn("mq", "*")},
                    },
                }
            ),
            opts=self._children,
        )
        return [permission]


def broker_endpoints(instances: Sequence[Sequence[str]]) -> list[BrokerEndpoint]:
    """One endpoint for each instance's addresses, sorted by host.

    Instances and their addresses come in no order that can be relied on, so none is picked by its
    place. Raises `BrokerAddressError` when an instance has no OpenWire address behind TLS.
    """
    endpoints = [_endpoint(addresses) for addresses in instances]
    if not endpoints:
        raise BrokerAddressError([])
    return sorted(endpoints, key=lambda endpoint: endpoint.host)


def _endpoint(addresses: Sequence[str]) -> BrokerEndpoint:
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme == "ssl" and parts.hostname and parts.port == PORT:
            return BrokerEndpoint(host=parts.hostname, port=parts.port)
    raise BrokerAddressError(addresses)


def _addresses(instance: object) -> list[str]:
    return list(getattr(instance, "endpoints", None) or [])


def _storage_type(settings: MqMessaging) -> str:
    """EBS is several times as fast, and there for a single broker of the family m5 alone."""
    single_m5 = settings.deployment == "single" and settings.instance_type.startswith("mq.m5.")
    return "ebs" if single_m5 else "efs"


def _encryption(key_arn: pulumi.Input[str] | None) -> "mq.BrokerEncryptionOptionsArgs | None":
    if key_arn is None:
        return None
    return mq.BrokerEncryptionOptionsArgs(kms_key_id=key_arn, use_aws_owned_key=False)


def _accepted(user: str, password: pulumi.Input[str]) -> pulumi.Output[str]:
    """The password as a secret; checked before AWS does, which says so minutes later."""

    def checked(value: str) -> str:
        fault = fault_of(value)
        if fault is not None:
            raise BrokerPasswordError(user, fault)
        return value

    return pulumi.Output.secret(password).apply(checked)
