"""A server's key and certificate as the key store that a Java server opens."""

import base64
import secrets
from typing import Any

import pulumi
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

from components.generated.certificate_authority import CertificateAuthority
from components.generated.server_certificate import ServerCertificate

_ALIAS = b"server"
_MADE_OF = ("certificate_pem", "authority_certificate_pem", "password")


def pack_key_store(
    *, certificate_pem: str, private_key_pem: str, authority_certificate_pem: str, password: str
) -> bytes:
    """A PKCS#12 store with one key, its certificate and the authority, closed by `password`."""
    key = serialization.load_pem_private_key(private_key_pem.encode("ascii"), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"server key: got {type(key).__name__}; must be on P-256")
    return pkcs12.serialize_key_and_certificates(
        _ALIAS,
        key,
        x509.load_pem_x509_certificate(certificate_pem.encode("ascii")),
        [x509.load_pem_x509_certificate(authority_certificate_pem.encode("ascii"))],
        serialization.BestAvailableEncryption(password.encode("ascii")),
    )


class KeyStoreProvider(ResourceProvider):
    """Packs at creation, because a store is salted: packed at every run it would always differ."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        store = pack_key_store(
            certificate_pem=props["certificate_pem"],
            private_key_pem=props["private_key_pem"],
            authority_certificate_pem=props["authority_certificate_pem"],
            password=props["password"],
        )
        outs = {key: props[key] for key in _MADE_OF}
        outs["content_base64"] = base64.b64encode(store).decode("ascii")
        return CreateResult(id_=secrets.token_hex(8), outs=outs)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        replaces = [key for key in _MADE_OF if olds[key] != news[key]]
        return DiffResult(changes=bool(replaces), replaces=replaces)


class KeyStore(Resource, module="scipio", name="KeyStore"):
    """`content_base64` is the secret PKCS#12 store; it changes with its certificate or password."""

    content_base64: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        certificate: ServerCertificate,
        authority: CertificateAuthority,
        password: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            KeyStoreProvider(),
            name,
            {
                "certificate_pem": certificate.certificate_pem,
                "private_key_pem": certificate.private_key_pem,
                "authority_certificate_pem": authority.certificate_pem,
                "password": pulumi.Output.secret(password),
                "content_base64": None,
            },
            pulumi.ResourceOptions.merge(
                opts,
                pulumi.ResourceOptions(additional_secret_outputs=["content_base64", "password"]),
            ),
        )
        self.content_base64 = pulumi.Output.secret(self.content_base64)
