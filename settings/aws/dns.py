"""`scipio:dns`: the cluster's name and certificate."""

from contract.names import Host
from settings.aws.names import CertificateArn, HostedZoneId
from settings.section import Section


class HostedZone(Section):
    """A public hosted zone of Route 53."""

    id: HostedZoneId
    """The zone's id."""
    name: Host
    """The domain it holds, without a dot at the end."""


class Dns(Section):
    """Records and certificate of `balancer.host`."""

    zone: HostedZone | None
    """Where the cluster's records are made; null makes none: someone else points the name here."""
    certificate_arn: CertificateArn | None
    """A certificate of the stack's region; null issues one and proves it in `zone`."""
    alternative_names: tuple[Host, ...]
    """Further names in an issued certificate, each with a record of its own."""
