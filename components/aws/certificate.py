"""A certificate for visitors: one that is there, or one that is issued and proved by DNS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pulumi
from pulumi_aws import acm, route53

from components.aws.surroundings import AwsSurroundings
from settings.aws.dns import HostedZone

_RECORD_TTL_S = 300


class CertificateError(Exception):
    """There is neither a certificate nor a zone in which one could be proved."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"dns.certificateArn and dns.zone are both null, and {host} needs a certificate; give "
            "the ARN of one, or a hosted zone to have one issued"
        )


class MissingProofError(Exception):
    """ACM gave no record for a name that was asked for."""

    def __init__(self, name: str, given: Sequence[str]) -> None:
        super().__init__(
            f"ACM gave no record that proves {name}, but for {', '.join(given) or 'no name'}; look "
            "at the certificate in the console, and run the update again"
        )


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """`names` are the names in it, the visitors' own first.

    `existing_arn` is a certificate that is there; None issues one and proves it in `zone`. One
    account proves a name once for all regions: `proved_by` is a certificate for the same names
    whose records serve for this one too.
    """

    surroundings: AwsSurroundings
    part: str
    """What it is for, as `balancer`; begins the resources' names after the cluster's."""
    names: Sequence[str]
    existing_arn: str | None
    zone: HostedZone | None
    proved_by: "Certificate | None" = None

    def __post_init__(self) -> None:
        """Raises CertificateError."""
        if self.existing_arn is None:
            _proving_zone(self)


class Certificate(pulumi.ComponentResource):
    """A certificate that can be used: `arn` is known once it is issued and proved.

    An issued one renews itself for as long as its records stay. Other names issue another
    certificate before this one goes. The provider of `opts` decides on the region.
    """

    arn: pulumi.Output[str]
    record_names: tuple[pulumi.Output[str], ...]
    """Of the records that prove it; empty when nothing was issued."""

    def __init__(
        self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:aws:Certificate", name, None, opts)
        self._args = args
        self._children = pulumi.ResourceOptions(parent=self)
        self.record_names = ()
        if args.existing_arn is not None:
            self.arn = pulumi.Output.from_input(args.existing_arn)
        else:
            self._issue(distinct_names(args.names))
        self.register_outputs({"arn": self.arn})

    def _issue(self, names: Sequence[str]) -> None:
        args = self._args
        logical_name = args.surroundings.named(f"{args.part}-certificate")
        certificate = acm.Certificate(
            logical_name,
            domain_name=names[0],
            subject_alternative_names=names[1:],
            validation_method="DNS",
            tags={"Name": logical_name},
            opts=self._children,
        )
        if args.proved_by is not None and args.proved_by.record_names:
            self.record_names = args.proved_by.record_names
        else:
            self.record_names = tuple(
                self._prove(certificate, name) for name in names_to_prove(names)
            )
        self.arn = acm.CertificateValidation(
            logical_name,
            certificate_arn=certificate.arn,
            validation_record_fqdns=self.record_names,
            opts=self._children,
        ).certificate_arn

    def _prove(self, certificate: "acm.Certificate", name: str) -> pulumi.Output[str]:
        record = certificate.domain_validation_options.apply(
            lambda options: _ValidationRecord.of(name, options)
        )
        args = self._args
        return route53.Record(
            args.surroundings.named(f"{args.part}-proof-{name}"),
            zone_id=_proving_zone(args).id,
            name=record.apply(lambda proof: proof.name),
            type=record.apply(lambda proof: proof.type),
            records=[record.apply(lambda proof: proof.value)],
            ttl=_RECORD_TTL_S,
            # The same name has the same record in every certificate of the account: another stack
            # may have made it, and others renew by it when this stack is gone.
            allow_overwrite=True,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        ).fqdn


def _proving_zone(args: CertificateArgs) -> HostedZone:
    """Where records of proof are made. Raises CertificateError where there is none."""
    if args.zone is None:
        raise CertificateError(args.names[0])
    return args.zone


def distinct_names(names: Sequence[str]) -> list[str]:
    """The names as ACM returns them, in lower case and each once; the first stays first."""
    return list(dict.fromkeys(name.lower() for name in names))


def names_to_prove(names: Sequence[str]) -> list[str]:
    """One name a record: `*.example.com` and `example.com` are proved by the same one.

    Counted from what was asked for, because the records themselves are unknown before the
    certificate is there, and the number of resources must not be.
    """
    return list(dict.fromkeys(name.removeprefix("*.") for name in distinct_names(names)))


@dataclass(frozen=True, kw_only=True)
class _ValidationRecord:
    """The record by which ACM sees that the name is ours."""

    name: str
    type: str
    value: str

    @classmethod
    def of(
        cls, name: str, options: "Sequence[acm.outputs.CertificateDomainValidationOption]"
    ) -> Self:
        for option in options:
            domain = (option.domain_name or "").removeprefix("*.").lower()
            record = option.resource_record_name
            type_ = option.resource_record_type
            value = option.resource_record_value
            if domain == name and record and type_ and value:
                return cls(name=record, type=type_, value=value)
        raise MissingProofError(name, [option.domain_name or "" for option in options])
