"""The stack's authority, the certificates it signs, and the key store made of one."""

import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from components.generated import certificate_authority, server_certificate
from components.generated.certificate_authority import (
    CertificateAuthorityProvider,
    IssuedAuthority,
    issue_authority,
)
from components.generated.key_store import KeyStoreProvider
from components.generated.server_certificate import (
    IssuedCertificate,
    ServerCertificateProvider,
    issue_server_certificate,
)

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> IssuedAuthority:
    return issue_authority("test authority", now=NOW)


@pytest.fixture(scope="module")
def server(authority: IssuedAuthority) -> IssuedCertificate:
    return issued_by(authority, now=NOW)


def issued_by(
    authority: IssuedAuthority,
    *,
    now: datetime,
    dns_names: tuple[str, ...] = ("localhost", "shop.test"),
) -> IssuedCertificate:
    return issue_server_certificate(
        dns_names=dns_names,
        ip_addresses=["127.0.0.1"],
        authority_certificate_pem=authority.certificate_pem,
        authority_private_key_pem=authority.private_key_pem,
        now=now,
    )


def loaded(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def verify(
    server: IssuedCertificate,
    authority: IssuedAuthority,
    subject: x509.verification.Subject,
    at: datetime,
) -> list[x509.Certificate]:
    """The chain as a strict client builds it, or VerificationError."""
    verifier = (
        PolicyBuilder()
        .store(Store([loaded(authority.certificate_pem)]))
        .time(at)
        .build_server_verifier(subject)
    )
    return verifier.verify(loaded(server.certificate_pem), [])


@pytest.mark.parametrize(
    "subject",
    [
        x509.DNSName("localhost"),
        x509.DNSName("shop.test"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ],
)
def test_a_client_that_trusts_the_authority_accepts_every_name(
    authority: IssuedAuthority, server: IssuedCertificate, subject: x509.verification.Subject
) -> None:
    """Chain, key usage and names pass a verifier that follows the web's rules."""
    chain = verify(server, authority, subject, NOW)

    assert chain[-1] == loaded(authority.certificate_pem)


def test_a_name_too_long_for_a_common_name_is_served_all_the_same(
    authority: IssuedAuthority,
) -> None:
    """Clients look at the list of names alone, where there is one."""
    name = f"{'a' * 60}.shop.test"
    server = issued_by(authority, now=NOW, dns_names=(name,))

    assert verify(server, authority, x509.DNSName(name), NOW)


def test_a_name_that_was_not_asked_for_is_refused(
    authority: IssuedAuthority, server: IssuedCertificate
) -> None:
    """The certificate is for its names alone."""
    with pytest.raises(VerificationError):
        verify(server, authority, x509.DNSName("other.test"), NOW)


def test_another_authority_of_the_same_name_is_no_issuer(server: IssuedCertificate) -> None:
    """Trust hangs on the key, not on the name."""
    impostor = issue_authority("test authority", now=NOW)

    with pytest.raises(VerificationError):
        verify(server, impostor, x509.DNSName("localhost"), NOW)


def test_the_authority_lasts_ten_years_and_a_server_825_days(
    authority: IssuedAuthority, server: IssuedCertificate
) -> None:
    """Both start in the past, for machines whose clock is late."""
    assert loaded(authority.certificate_pem).not_valid_after_utc == NOW + timedelta(days=3650)
    assert loaded(server.certificate_pem).not_valid_after_utc == NOW + timedelta(days=825)
    assert loaded(server.certificate_pem).not_valid_before_utc < NOW
    with pytest.raises(VerificationError):
        verify(server, authority, x509.DNSName("localhost"), NOW + timedelta(days=826))


def test_a_server_never_outlives_its_authority(authority: IssuedAuthority) -> None:
    """A chain whose root has ended is worth nothing."""
    late = issued_by(authority, now=NOW + timedelta(days=3600))

    assert late.expires == authority.expires


def test_keys_are_on_the_curve_p_256_and_belong_to_their_certificates(
    authority: IssuedAuthority, server: IssuedCertificate
) -> None:
    """A key that does not fit its certificate would stop a server at its start."""
    for issued in (authority, server):
        key = load_pem_private_key(issued.private_key_pem.encode(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert key.curve.name == "secp256r1"
        assert key.public_key() == loaded(issued.certificate_pem).public_key()


def test_the_authority_may_sign_servers_and_no_further_authority(
    authority: IssuedAuthority,
) -> None:
    """Its path length is 0."""
    constraints = loaded(authority.certificate_pem).extensions.get_extension_for_class(
        x509.BasicConstraints
    )

    assert constraints.critical
    assert constraints.value.ca
    assert constraints.value.path_length == 0


def test_no_private_key_shows_in_a_representation(
    authority: IssuedAuthority, server: IssuedCertificate
) -> None:
    """Tracebacks and logs print representations."""
    assert "PRIVATE KEY" not in repr(authority) + repr(server)


def created_server(**changes: Any) -> dict[str, Any]:
    """The outputs of a server certificate issued now, some of them changed."""
    authority = CertificateAuthorityProvider().create({"common_name": "x"}).outs or {}
    outs = (
        ServerCertificateProvider()
        .create(
            {
                "dns_names": ["localhost"],
                "ip_addresses": ["127.0.0.1"],
                "authority_certificate_pem": authority["certificate_pem"],
                "authority_private_key_pem": authority["private_key_pem"],
            }
        )
        .outs
    )
    assert outs is not None
    return {**outs, **changes}


def test_a_certificate_stays_while_nothing_changes() -> None:
    """A second update reports nothing to do."""
    outs = created_server()

    difference = ServerCertificateProvider().diff("id", outs, outs)

    assert difference.changes is False
    assert difference.replaces == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dns_names", ["localhost", "shop.test"]),
        ("ip_addresses", []),
        ("authority_certificate_pem", "another"),
    ],
)
def test_other_names_or_another_authority_replace_a_certificate(key: str, value: object) -> None:
    """A certificate cannot be changed, only issued anew."""
    outs = created_server()

    difference = ServerCertificateProvider().diff("id", outs, {**outs, key: value})

    assert difference.changes is True
    assert difference.replaces == [key]


@pytest.mark.parametrize(
    ("provider", "validity"),
    [
        (ServerCertificateProvider(), server_certificate.VALIDITY),
        (CertificateAuthorityProvider(), certificate_authority.VALIDITY),
    ],
)
def test_a_certificate_is_renewed_before_it_ends(provider: Any, validity: Any) -> None:
    """Inside the renewal window an update replaces it though nothing else changed."""
    outs = created_server(common_name="x")
    early = datetime.now(UTC) + validity.renew_before + timedelta(days=1)
    late = datetime.now(UTC) + validity.renew_before - timedelta(days=1)

    assert not provider.diff("id", {**outs, "expires": early.isoformat()}, outs).changes
    assert provider.diff("id", {**outs, "expires": late.isoformat()}, outs).replaces == ["expires"]


def test_an_authority_of_another_name_is_another_authority() -> None:
    """The name is in the certificate."""
    outs = CertificateAuthorityProvider().create({"common_name": "a"}).outs or {}

    assert CertificateAuthorityProvider().diff("id", outs, outs).changes is False
    difference = CertificateAuthorityProvider().diff("id", outs, {**outs, "common_name": "b"})
    assert difference.replaces == ["common_name"]


def test_the_authoritys_key_is_no_output_of_a_server_certificate() -> None:
    """It is needed once, to sign."""
    assert "authority_private_key_pem" not in created_server()


def test_a_key_store_opens_with_its_password_and_holds_key_certificate_and_authority() -> None:
    """It is what a Java server reads as its identity."""
    server = created_server()
    props = {
        "certificate_pem": server["certificate_pem"],
        "private_key_pem": server["private_key_pem"],
        "authority_certificate_pem": server["authority_certificate_pem"],
        "password": "of the store",
    }

    outs = KeyStoreProvider().create(props).outs or {}

    store = base64.b64decode(outs["content_base64"])
    key, certificate, others = pkcs12.load_key_and_certificates(store, b"of the store")
    assert certificate == loaded(server["certificate_pem"])
    assert others == [loaded(server["authority_certificate_pem"])]
    assert key is not None
    assert key.public_key() == certificate.public_key()
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(store, b"another")
    assert "private_key_pem" not in outs


@pytest.mark.parametrize("key", ["certificate_pem", "authority_certificate_pem", "password"])
def test_a_key_store_changes_with_what_it_is_made_of_and_never_by_itself(key: str) -> None:
    """Packing is salted: made at every run, it would restart the brokers at every update."""
    outs = {"certificate_pem": "c", "authority_certificate_pem": "a", "password": "p"}

    assert KeyStoreProvider().diff("id", outs, outs).changes is False
    assert KeyStoreProvider().diff("id", outs, {**outs, key: "new"}).replaces == [key]
