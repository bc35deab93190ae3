"""Visitors come over TLS, and those who do not are sent there."""

import socket
import ssl
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from checks import evidence
from checks.check import BrokenPromiseError, Held, check
from checks.cluster import Cluster

DAY_S = 86_400
LEAST_DAYS_LEFT = 7


@check(
    "tls.verified",
    "the certificate is the stack's own, for this host, and lasts another week",
)
def verified(cluster: Cluster) -> Held:
    url = urlsplit(cluster.outputs.balancer.https_url)
    address = (url.hostname or "", url.port or 443)
    try:
        with (
            socket.create_connection(address, timeout=cluster.limits.answer_s) as connection,
            cluster.trusted.wrap_socket(connection, server_hostname=url.hostname) as secured,
        ):
            protocol, certificate = secured.version(), secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        raise BrokenPromiseError(f"{url.netloc}: {error.verify_message}") from error
    ends_at = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    days_left = (ends_at - time.time()) / DAY_S
    until = f"{datetime.fromtimestamp(ends_at, UTC):%Y-%m-%d}"
    if days_left < LEAST_DAYS_LEFT:
        raise BrokenPromiseError(
            f"{url.netloc}: the certificate ends on {until}, in {days_left:.1f} days"
        )
    return Held(
        evidence=f"{url.netloc} speaks {protocol}; the certificate ends on {until}",
        figures={"days_left": round(days_left, 1)},
    )


@check("tls.redirect", "plain HTTP is answered with 301 to the same page over HTTPS")
def redirected(cluster: Cluster) -> Held:
    balancer = cluster.outputs.balancer
    page = f"{cluster.outputs.routing.root_redirect}?seen=over-http"
    response = cluster.ask_once(f"{balancer.http_url.rstrip('/')}{page}")
    wanted = httpx.URL(f"{balancer.https_url.rstrip('/')}{page}")
    if response.status_code != httpx.codes.MOVED_PERMANENTLY:
        raise BrokenPromiseError(f"{evidence.of_answer(response)}; must be 301 to {wanted}")
    if httpx.URL(response.headers.get("location", "")) != wanted:
        raise BrokenPromiseError(f"{evidence.of_answer(response)}; location must be {wanted}")
    return Held(evidence=f"301 to {wanted}")
