"""The stack's own certificate authority: it signs what the cluster's servers show."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

from components.generated.validity import Validity

VALIDITY = Validity(lifetime=timedelta(days=3650), renew_before=timedelta(days=365))


@dataclass(frozen=True, kw_only=True)
class IssuedAuthority:
    """An authority's certificate and its key, both as PEM text."""

    certificate_pem: str
    private_key_pem: str = field(repr=False)
    expires: datetime


def issue_authority(common_name: str, *, now: datetime) -> IssuedAuthority:
    """A new self-signed authority on the curve P-256 that may sign servers and nothing below."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    expires = VALIDITY.ends(now)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALIDITY.starts(now))
        .not_valid_after(expires)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return IssuedAuthority(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        private_key_pem=private_key_pem(key),
        expires=expires,
    )


def private_key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as unencrypted PKCS#8, which HAProxy and Java read."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class CertificateAuthorityProvider(ResourceProvider):
    """Issues at creation; replaces for another name and near the end."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        issued = issue_authority(props["common_name"], now=datetime.now(UTC))
        outs = {
            "common_name": props["common_name"],
            "certificate_pem": issued.certificate_pem,
            "private_key_pem": issued.private_key_pem,
            "expires": issued.expires.isoformat(),
        }
        return CreateResult(id_=secrets.token_hex(8), outs=outs)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        replaces = [key for key in ("common_name",) if olds[key] != news[key]]
        if VALIDITY.must_renew(datetime.fromisoformat(olds["expires"]), datetime.now(UTC)):
            replaces.append("expires")
        return DiffResult(changes=bool(replaces), replaces=replaces)


class CertificateAuthority(Resource, module="scipio", name="CertificateAuthority"):
    """An authority for ten years; in its last year the next update replaces it.

    `certificate_pem` is public, `private_key_pem` is a secret of the state and of nothing else.
    """

    common_name: pulumi.Output[str]
    certificate_pem: pulumi.Output[str]
    private_key_pem: pulumi.Output[str]
    expires: pulumi.Output[str]

    def __init__(
        self, name: str, *, common_name: str, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(
            CertificateAuthorityProvider(),
            name,
            {
                "common_name": common_name,
                "certificate_pem": None,
                "private_key_pem": None,
                "expires": None,
            },
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=["private_key_pem"])
            ),
        )
        self.private_key_pem = pulumi.Output.secret(self.private_key_pem)
