"""The JDBC URL of a node, in the parameters of PostgreSQL's driver 42.7."""

from urllib.parse import quote, urlencode

from contract.cluster_document import Database
from contract.names import InstanceId

CONNECT_TIMEOUT_S = 10
"""A host that drops packets; shorter than any balancer's patience with a request."""
SOCKET_TIMEOUT_S = 900
"""A server that died without closing the connection frees its thread after this. Longer than any
statement the ERP is expected to run, index builds of an upgrade included."""

SCHEMA_LOCK_TIMEOUT_MS = 1200
"""How long a change of a table may wait for its lock, and all who come later wait behind it.
node/database/table_changes.py says why it is this long."""


INCARNATION_SETTING = "scipio_cluster.incarnation"
"""Asked by node/life/job_fence.py, which imports nothing from here; held by a test."""


def jdbc_url(
    database: Database,
    instance_id: InstanceId,
    ca_certificate_path: str,
    *,
    incarnation: str | None = None,
) -> str:
    """`jdbc:postgresql://…`, with TLS as the document says.

    `ca_certificate_path` is where the document's `caCertificate` will lie; not used without one.
    `options` is what libpq's PGOPTIONS is: settings of the server for this session.
    Parameters: jdbc.postgresql.org/documentation/use, "Connection Parameters".
    """
    parameters: dict[str, str | int] = {
        "ApplicationName": instance_id,
        "connectTimeout": CONNECT_TIMEOUT_S,
        "socketTimeout": SOCKET_TIMEOUT_S,
        "tcpKeepAlive": "true",
        "sslmode": database.tls,
        **_trust(database, ca_certificate_path),
    }
    if incarnation is not None:
        parameters["options"] = f"-c {INCARNATION_SETTING}={incarnation}"
    query = urlencode(parameters, quote_via=quote, safe="/")
    return f"jdbc:postgresql://{database.host}:{database.port}/{database.name}?{query}"


def with_lock_timeout(url: str) -> str:
    """The same for a session that changes tables while others use them."""
    setting = f"-c lock_timeout={SCHEMA_LOCK_TIMEOUT_MS}"
    # The last parameter of the URL, where it is there.
    return (
        f"{url}{quote(f' {setting}')}" if "&options=" in url else f"{url}&options={quote(setting)}"
    )


def _trust(database: Database, ca_certificate_path: str) -> dict[str, str]:
    if database.tls == "disable":
        return {}
    if database.ca_certificate is not None:
        return {"sslrootcert": ca_certificate_path}
    if database.ca_certificate_file is not None:
        return {"sslrootcert": database.ca_certificate_file}
    # Without this the driver looks for ~/.postgresql/root.crt and not at the JDK's own.
    return {"sslfactory": "org.postgresql.ssl.DefaultJavaSSLFactory"}
