"""Cluster documents for tests."""

from contract.cluster_document import (
    Administrator,
    BrokerEndpoint,
    ClusterDocument,
    Database,
    FileSecret,
    Messaging,
    NodeRuntime,
    PublicEndpoint,
)
from tests.support.server_process import free_port

APP_PASSWORD = "app-password-Zq7"
MESSAGING_PASSWORD = "messaging-password-Kx4"
ADMINISTRATOR_PASSWORD = "administrator-password-Wv9"


def document(
    *,
    database_port: int,
    database_name: str = "scipio",
    app_user: str = "scipio_app",
    admin_user: str = "postgres",
    connect_timeout_s: int = 20,
    broker_port: int = 1,
    http_port: int = 8081,
    health_port: int | None = None,
    health_path: str = "/images/busy.gif",
    broker_tls: bool = False,
    boot_timeout_s: int = 60,
    subscription_wait_s: int = 60,
) -> ClusterDocument:
    """A document whose servers are on 127.0.0.1; without `health_port` one port answers both."""
    return ClusterDocument(
        cluster="test",
        public_endpoint=PublicEndpoint(host="erp.example.com"),
        node=NodeRuntime(
            http_port=http_port,
            health_port=http_port if health_port is None else health_port,
            health_path=health_path,
            heap_mib=128,
            boot_timeout_s=boot_timeout_s,
            subscription_wait_s=subscription_wait_s,
            sign_port=free_port(),
        ),
        database=Database(
            host="127.0.0.1",
            port=database_port,
            name=database_name,
            app_user=app_user,
            app_password=FileSecret(name="database-app"),
            admin_user=admin_user,
            admin_password=FileSecret(name="database-admin"),
            pool_max=4,
            connect_timeout_s=connect_timeout_s,
        ),
        messaging=Messaging(
            brokers=(BrokerEndpoint(host="127.0.0.1", port=broker_port),),
            tls=broker_tls,
            password=FileSecret(name="messaging"),
        ),
        administrator=Administrator(password=FileSecret(name="administrator")),
    )
