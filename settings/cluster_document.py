"""The cluster document of a stack, from its settings and from what the platform knows of itself."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from contract.cluster_document import (
    KEEP_ALIVE_S,
    Administrator,
    BrokerEndpoint,
    CacheClear,
    ClusterDocument,
    Database,
    FileSecret,
    Messaging,
    NodeRuntime,
    PublicEndpoint,
    Search,
    Seed,
    SharedFiles,
)
from contract.faults import Fault, in_quotes
from contract.names import CLUSTER_NAME_MAX_LENGTH, CLUSTER_NAME_PATTERN
from contract.patterns import meaning_of
from settings.aws.naming import CLUSTER_NAME_MAX_LENGTH as AWS_CLUSTER_NAME_MAX_LENGTH
from settings.aws.settings import AwsSettings
from settings.aws.sizing import heap_mib, keep_alive_timeout_s
from settings.config_keys import PROJECT
from settings.errors import SettingsError
from settings.mail import mail_route
from settings.models import Settings
from settings.routing import HEALTH_PATH

DATABASE_APP_PASSWORD = FileSecret(name="database-app-password")
DATABASE_ADMIN_PASSWORD = FileSecret(name="database-admin-password")
BROKER_APP_PASSWORD = FileSecret(name="broker-app-password")
ADMINISTRATOR_PASSWORD = FileSecret(name="administrator-password")

RDS_AUTHORITIES_FILE = "/opt/rds/global-bundle.pem"
"""Amazon's authorities for RDS, in the node's image
(truststore.pki.rds.amazonaws.com/global/global-bundle.pem): too long for user data."""

SEARCH_PORT = 8983
"""Of the search node on this machine: Solr's usual one. On AWS a setting says it."""
SEARCH_HEALTH_PATH = "/solr/admin/cores"
"""Solr's list of its cores: answered by the search engine itself and without a log-in
(applications/solr/README.txt:66-72), where `/solr/` is a file that is served in any case."""

NODE_SECRETS = (
    DATABASE_APP_PASSWORD,
    DATABASE_ADMIN_PASSWORD,
    BROKER_APP_PASSWORD,
    ADMINISTRATOR_PASSWORD,
)
"""Every secret that a node of this program's clusters asks for."""


def cluster_of(stack: str) -> str:
    """The name of the cluster of a stack. Raises `SettingsError` when a cluster cannot have it."""
    return cluster_name(f"{PROJECT}-{stack}")


def aws_cluster_of(stack: str, settings: AwsSettings) -> str:
    """The name of the cluster of a stack on AWS. Raises `SettingsError` when it cannot have it."""
    return _checked_name(
        settings.aws.name or f"{PROJECT}-{stack}",
        AWS_CLUSTER_NAME_MAX_LENGTH,
        "Names of load balancer and target groups begin with it and have 32 characters at most. "
        "Set aws.name to a shorter one.",
    )


def cluster_name(name: str) -> str:
    """`name` itself. Raises `SettingsError` when a cluster cannot have it."""
    return _checked_name(
        name,
        CLUSTER_NAME_MAX_LENGTH,
        "It is made from the stack's name; containers and volumes are named from it.",
    )


def _checked_name(name: str, max_length: int, hint: str) -> str:
    if re.fullmatch(CLUSTER_NAME_PATTERN, name) and len(name) <= max_length:
        return name
    fault = Fault(
        place=("cluster name",),
        problem=f"got {in_quotes(name)}",
        allowed=f"{meaning_of(CLUSTER_NAME_PATTERN).words}, at most {max_length} "
        'characters, for example "local"',
        hint=hint,
    )
    raise SettingsError("the stack's name", [fault])


def cluster_document(
    settings: Settings,
    *,
    cluster: str,
    database_host: str,
    brokers: Sequence[str],
    broker_ca: str | None,
    search_host: str | None = None,
) -> ClusterDocument:
    """What every node of the cluster must know; `brokers` are host names, `broker_ca` PEM text.

    `search_host` is where the search node is; None where there is none.
    """
    nodes, balancer, database = settings.nodes, settings.balancer, settings.database
    return ClusterDocument(
        cluster=cluster,
        public_endpoint=PublicEndpoint(host=balancer.host, https_port=balancer.https_port),
        node=NodeRuntime(
            health_path=HEALTH_PATH,
            heap_mib=nodes.heap_mib,
            job_threads=nodes.job_threads,
            boot_timeout_s=nodes.boot_timeout_s,
            stop_timeout_s=nodes.stop_timeout_s,
            drain_timeout_s=nodes.drain_timeout_s,
            silence_timeout_s=nodes.silence_timeout_s,
            subscription_wait_s=nodes.subscription_wait_s,
            time_zone=nodes.time_zone,
            locale=nodes.locale,
        ),
        database=Database(
            host=database_host,
            app_password=DATABASE_APP_PASSWORD,
            admin_password=DATABASE_ADMIN_PASSWORD,
            pool_min=database.pool_min,
            pool_max=database.pool_max,
        ),
        messaging=Messaging(
            brokers=tuple(BrokerEndpoint(host=host) for host in brokers),
            ca_certificate=broker_ca,
            topic=settings.messaging.topic,
            password=BROKER_APP_PASSWORD,
        ),
        cache_clear=CacheClear(
            mode=settings.cache_clear.mode,
            entity_expire_s=settings.cache_clear.entity_expire_s,
        ),
        seed=Seed(readers=settings.seed.readers, data_version=settings.seed.data_version),
        search=None if search_host is None else Search(host=search_host, port=SEARCH_PORT),
        administrator=Administrator(password=ADMINISTRATOR_PASSWORD),
        mail=mail_route(settings.mail),
    )


class AwsEndpoints(NamedTuple):
    """Host names that AWS gave."""

    database: str
    brokers: Sequence[str]
    """One of a single broker, two of a pair, in an order that stays."""
    search: str | None
    """None: there is no search."""


def aws_cluster_document(
    settings: AwsSettings, *, cluster: str, endpoints: AwsEndpoints
) -> ClusterDocument:
    """What every node of a cluster on AWS must know; short enough for user data. Its server fetches
    the secrets.
    """
    nodes, database, messaging = settings.nodes, settings.database, settings.messaging
    return ClusterDocument(
        cluster=cluster,
        public_endpoint=PublicEndpoint(host=settings.balancer.host),
        node=NodeRuntime(
            keep_alive_timeout_s=keep_alive_timeout_s(settings),
            health_path=HEALTH_PATH,
            heap_mib=heap_mib(settings),
            job_threads=nodes.job_threads,
            boot_timeout_s=nodes.boot_timeout_s,
            stop_timeout_s=nodes.stop_timeout_s,
            drain_timeout_s=settings.servers.drain_timeout_s,
            silence_timeout_s=nodes.silence_timeout_s,
            subscription_wait_s=nodes.subscription_wait_s,
            time_zone=nodes.time_zone,
            locale=nodes.locale,
        ),
        database=Database(
            host=endpoints.database,
            app_password=DATABASE_APP_PASSWORD,
            admin_password=DATABASE_ADMIN_PASSWORD,
            pool_min=database.pool_min,
            pool_max=database.pool_max,
            tls="verify-full",
            ca_certificate_file=RDS_AUTHORITIES_FILE,
        ),
        messaging=Messaging(
            brokers=tuple(BrokerEndpoint(host=host) for host in endpoints.brokers),
            topic=messaging.topic,
            user=messaging.app_user,
            password=BROKER_APP_PASSWORD,
        ),
        cache_clear=CacheClear(
            mode=settings.cache_clear.mode,
            entity_expire_s=settings.cache_clear.entity_expire_s,
        ),
        seed=Seed(readers=settings.seed.readers, data_version=settings.seed.data_version),
        search=None
        if endpoints.search is None
        else Search(host=endpoints.search, port=settings.search.port),
        shared_files=SharedFiles(path=settings.files.path),
        administrator=Administrator(password=ADMINISTRATOR_PASSWORD),
        mail=mail_route(settings.mail),
    )


def search_node_document(document: ClusterDocument, *, heap_mib: int) -> ClusterDocument:
    """The same cluster for the node in the role `search`: it answers where all nodes ask.

    Raises ValueError when the cluster has no search.
    """
    if document.search is None:
        raise ValueError("a cluster without search has no search node")
    runtime = document.node.model_copy(
        update={
            "heap_mib": heap_mib,
            # Nodes ask it through a balancer of another kind.
            "keep_alive_timeout_s": KEEP_ALIVE_S,
            "http_port": document.search.port,
            "health_path": SEARCH_HEALTH_PATH,
        }
    )
    return document.model_copy(update={"node": runtime})
