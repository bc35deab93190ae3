"""The names by which visitors find the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import route53

from components.aws.surroundings import AwsSurroundings


@dataclass(frozen=True, kw_only=True)
class DnsTarget:
    """What a name leads to: a load balancer or a distribution."""

    dns_name: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    """The zone of the target's own name, not the cluster's."""
    ipv6: bool
    """Whether it answers at IPv6 addresses too."""
    health: bool
    """Whether Route 53 knows its health; of a distribution it does not."""


@dataclass(frozen=True, kw_only=True)
class DnsRecordsArgs:
    """`names` lie in the hosted zone `zone_id`."""

    surroundings: AwsSurroundings
    zone_id: str
    names: Sequence[str]
    target: DnsTarget


class DnsRecords(pulumi.ComponentResource):
    """Every name leads to the target; alias records follow its addresses and cost nothing.

    A record of the same name that someone else made is an error, never overwritten.
    """

    def __init__(
        self, name: str, args: DnsRecordsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:DnsRecords", name, None, opts)
        self._args = args
        types = ("A", "AAAA") if args.target.ipv6 else ("A",)
        for host in dict.fromkeys(host.lower() for host in args.names):
            for record_type in types:
                self._alias(host, record_type)
        self.register_outputs({})

    def _alias(self, host: str, record_type: str) -> None:
        target = self._args.target
        route53.Record(
            self._args.surroundings.named(f"{host}-{record_type.lower()}"),
            zone_id=self._args.zone_id,
            name=host,
            type=record_type,
            aliases=[
                route53.RecordAliasArgs(
                    name=target.dns_name,
                    zone_id=target.zone_id,
                    evaluate_target_health=target.health,
                )
            ],
            # A name has one record of a kind: a new one cannot be made beside the old one.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
