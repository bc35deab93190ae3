"""The settings of one stack on AWS: all its sections."""

from typing import Literal

from settings.aws.account import Account
from settings.aws.backup import Backup
from settings.aws.cdn import Cdn
from settings.aws.dns import Dns
from settings.aws.files import Files
from settings.aws.image import Image
from settings.aws.load_balancer import LoadBalancer
from settings.aws.monitoring import Monitoring
from settings.aws.mq_messaging import MqMessaging
from settings.aws.network import Network
from settings.aws.node_jvm import NodeJvm
from settings.aws.rds_database import RdsDatabase
from settings.aws.release import ServerRelease
from settings.aws.search import Search
from settings.aws.secrets import Secrets
from settings.aws.servers import Servers
from settings.aws.waf import Waf
from settings.mail import Mail
from settings.models import CacheClear, Seed
from settings.section import Section

AwsProfile = Literal["dev", "staging", "prod"]


class AwsSettings(Section):
    """Everything that a stack on AWS says, complete and checked."""

    profile: AwsProfile
    """The table of defaults that this stack starts from."""
    platform: Literal["aws"]
    """Where the cluster runs: `aws` is an account of Amazon's cloud."""
    aws: Account
    network: Network
    dns: Dns
    balancer: LoadBalancer
    waf: Waf
    cdn: Cdn
    image: Image
    servers: Servers
    nodes: NodeJvm
    release: ServerRelease
    database: RdsDatabase
    messaging: MqMessaging
    files: Files
    search: Search
    secrets: Secrets
    monitoring: Monitoring
    backup: Backup
    cache_clear: CacheClear
    seed: Seed
    mail: Mail
