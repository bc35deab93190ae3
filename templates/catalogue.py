"""The table of all templates: which context fills each, and what kind of text it makes."""

from collections.abc import Mapping
from types import MappingProxyType

from templates.amazonmq.context import AmazonMqConfiguration
from templates.broker.context import BrokerCredentials, BrokerXml
from templates.context import Context
from templates.database.context import PgHba, PostgresqlConf
from templates.haproxy.context import BalancerConfiguration
from templates.overlay.contexts import (
    CacheProperties,
    HealthConnector,
    HttpConnector,
    InlineJdbc,
    JmsService,
    JndiProperties,
    LoadingDelegator,
    PasswordsProperties,
    SystemProperties,
)
from templates.userdata.context import NodeService, NodeUserData, ServerEnvironment

CONTEXTS: tuple[type[Context], ...] = (
    InlineJdbc,
    LoadingDelegator,
    JmsService,
    HttpConnector,
    HealthConnector,
    JndiProperties,
    PasswordsProperties,
    CacheProperties,
    SystemProperties,
    BalancerConfiguration,
    BrokerXml,
    BrokerCredentials,
    AmazonMqConfiguration,
    PostgresqlConf,
    PgHba,
    NodeUserData,
    ServerEnvironment,
    NodeService,
)

TEMPLATES: Mapping[str, type[Context]] = MappingProxyType(
    {context.template: context for context in CONTEXTS}
)
"""Path below `templates/` → the only context it takes; the kind of output is `context.kind`."""
