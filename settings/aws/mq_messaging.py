"""`scipio:messaging` on AWS: Amazon MQ for ActiveMQ."""

from typing import Annotated, Literal

from pydantic import Field

from contract.names import TimeZoneName, TopicName
from settings.aws.catalogue import ActiveMqVersion, BrokerType
from settings.aws.names import BrokerUser, ClockTime
from settings.section import Section


class BrokerWindow(Section):
    """When Amazon MQ may restart the broker: two hours a week."""

    day: Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
    """Day of the week."""
    time: ClockTime
    """When it begins."""
    time_zone: TimeZoneName
    """The clock that `time` is read by."""


class MqMessaging(Section):
    """The ActiveMQ broker and the topic."""

    topic: TopicName
    """The topic over which nodes clear each other's caches."""
    deployment: Literal["single", "active-standby"]
    """`active-standby` is a pair in two zones of which one is live. It cannot be changed: another
    value makes another broker."""
    engine_version: ActiveMqVersion
    """Version without its patch level, which Amazon MQ raises by itself."""
    instance_type: BrokerType
    """Size of a broker."""
    maintenance_window: BrokerWindow
    """When patches come, each with a restart."""
    app_user: BrokerUser
    """The user of the nodes: reads, writes and makes the topic, and nothing else."""
    operator_user: BrokerUser
    """The user of people: everything, and the web console."""
    console_from_servers: bool
    """Whether servers may reach the broker's web console, for people who come through one of them
    (docs/operations.md, "To the database and to the broker's console")."""
    topic_memory_mib: Annotated[int, Field(ge=8, le=4096)]
    """Memory that messages of the topic may take."""
    pending_messages: Annotated[int, Field(ge=100, le=1_000_000)]
    """With more messages unread a node counts as slow; none is dropped for it."""
    slow_consumer_s: Annotated[int, Field(ge=10, le=3600)]
    """A node that is slow for so long is disconnected; it comes back by itself."""
    logs: bool
    """Whether general and audit log go to CloudWatch."""
    apply_immediately: bool
    """Whether changes are made at once, with a restart, or in the window; until then every preview
    shows them again."""
