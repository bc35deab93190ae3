"""The certificate that one server of the cluster shows, signed by the stack's authority."""

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

from components.generated.certificate_authority import CertificateAuthority, private_key_pem
from components.generated.validity import Validity

VALIDITY = Validity(lifetime=timedelta(days=825), renew_before=timedelta(days=90))
"""825 days is the most that Apple's systems accept of a private authority (HT210176)."""

COMMON_NAME_LENGTH = 64
"""The most that a certificate's common name may have (RFC 5280, ub-common-name)."""

_REPLACED_BY = ("dns_names", "ip_addresses", "authority_certificate_pem")


@dataclass(frozen=True, kw_only=True)
class IssuedCertificate:
    """A server's certificate and its key, both as PEM text."""

    certificate_pem: str
    private_key_pem: str = field(repr=False)
    expires: datetime


def issue_server_certificate(
    *,
    dns_names: Sequence[str],
    ip_addresses: Sequence[str],
    authority_certificate_pem: str,
    authority_private_key_pem: str,
    now: datetime,
) -> IssuedCertificate:
    """A certificate for all the names and addresses.

    Its common name is the first DNS name of at most 64 characters (RFC 5280); clients look at the
    list of names alone. It never outlives its authority.
    """
    authority = x509.load_pem_x509_certificate(authority_certificate_pem.encode("ascii"))
    authority_key = serialization.load_pem_private_key(
        authority_private_key_pem.encode("ascii"), password=None
    )
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"authority key: got {type(authority_key).__name__}; must be on P-256")
    key = ec.generate_private_key(ec.SECP256R1())
    expires = min(VALIDITY.ends(now), authority.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _common_name(dns_names))]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(VALIDITY.starts(now), authority.not_valid_before_utc))
        .not_valid_after(expires)
        .add_extension(_alternative_names(dns_names, ip_addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_HANDSHAKES, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    return IssuedCertificate(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        private_key_pem=private_key_pem(key),
        expires=expires,
    )


def _common_name(dns_names: Sequence[str]) -> str:
    fitting = (name for name in dns_names if len(name) <= COMMON_NAME_LENGTH)
    return next(fitting, "scipio-cluster")


def _alternative_names(
    dns_names: Sequence[str], ip_addresses: Sequence[str]
) -> x509.SubjectAlternativeName:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in dns_names]
    names.extend(x509.IPAddress(ipaddress.ip_address(address)) for address in ip_addresses)
    return x509.SubjectAlternativeName(names)


_SIGNS_HANDSHAKES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class ServerCertificateProvider(ResourceProvider):
    """Issues at creation; replaces for other names, another authority and near the end."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        issued = issue_server_certificate(
            dns_names=props["dns_names"],
            ip_addresses=props["ip_addresses"],
            authority_certificate_pem=props["authority_certificate_pem"],
            authority_private_key_pem=props["authority_private_key_pem"],
            now=datetime.now(UTC),
        )
        # The authority's key is left out: a certificate's outputs have no need of it.
        outs = {key: props[key] for key in _REPLACED_BY}
        outs |= {
            "certificate_pem": issued.certificate_pem,
            "private_key_pem": issued.private_key_pem,
            "expires": issued.expires.isoformat(),
        }
        return CreateResult(id_=secrets.token_hex(8), outs=outs)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        # An authority about to be replaced is unknown here, which differs as well.
        replaces = [key for key in _REPLACED_BY if olds[key] != news[key]]
        if VALIDITY.must_renew(datetime.fromisoformat(olds["expires"]), datetime.now(UTC)):
            replaces.append("expires")
        return DiffResult(changes=bool(replaces), replaces=replaces)


class ServerCertificate(Resource, module="scipio", name="ServerCertificate"):
    """A certificate for 825 days; in its last 90 days the next update replaces it.

    `certificate_pem` is public, `private_key_pem` is a secret.
    """

    certificate_pem: pulumi.Output[str]
    private_key_pem: pulumi.Output[str]
    expires: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        authority: CertificateAuthority,
        dns_names: Sequence[str],
        ip_addresses: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            ServerCertificateProvider(),
            name,
            {
                "dns_names": list(dns_names),
                "ip_addresses": list(ip_addresses),
                "authority_certificate_pem": authority.certificate_pem,
                "authority_private_key_pem": authority.private_key_pem,
                "certificate_pem": None,
                "private_key_pem": None,
                "expires": None,
            },
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=["private_key_pem"])
            ),
        )
        self.private_key_pem = pulumi.Output.secret(self.private_key_pem)
