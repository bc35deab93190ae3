"""A private authority and a server certificate for 127.0.0.1, for servers of the tests."""

import datetime
import ipaddress
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class ServerCertificate:
    """`authority_pem` is what a client trusts; `key_store` is PKCS#12 with key and certificate."""

    authority_pem: str
    key_store: bytes = field(repr=False)


def make_server_certificate(
    key_store_password: str, *, host: str = "127.0.0.1"
) -> ServerCertificate:
    """A fresh authority that signed one certificate for `host` and `localhost`, valid a day."""
    now = datetime.datetime.now(datetime.UTC)
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())

    authority = (
        x509.CertificateBuilder()
        .subject_name(authority_name)
        .issuer_name(authority_name)
        .public_key(authority_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    server = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(authority_name)
        .public_key(server_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")]
            ),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    return ServerCertificate(
        authority_pem=authority.public_bytes(serialization.Encoding.PEM).decode(),
        key_store=pkcs12.serialize_key_and_certificates(
            b"server",
            server_key,
            server,
            [authority],
            serialization.BestAvailableEncryption(key_store_password.encode()),
        ),
    )


def certificate_and_key(key_store: bytes, password: str) -> bytes:
    """Both as PEM, as HAProxy reads them from one file."""
    key, certificate, _ = pkcs12.load_key_and_certificates(key_store, password.encode())
    assert key is not None
    assert certificate is not None
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def java_trust_store(password: str, *authority_pems: str) -> bytes:
    """PKCS12 that Java takes as a trust store: its certificates carry Oracle's trust attribute."""
    authorities = [x509.load_pem_x509_certificate(pem.encode()) for pem in authority_pems]
    return pkcs12.serialize_java_truststore(
        [
            pkcs12.PKCS12Certificate(authority, f"authority-{number}".encode())
            for number, authority in enumerate(authorities)
        ],
        serialization.BestAvailableEncryption(password.encode()),
    )
