"""A real broker with the product's own configuration: TLS, users, limits."""

from collections.abc import Mapping
from pathlib import Path

from templates.broker.context import BrokerCredentials, BrokerXml
from templates.renderer import render
from tests.support.activemq import ActiveMqBroker

OPERATOR_PASSWORD = "operator-secret"


class ProductBroker(ActiveMqBroker):
    """As `ActiveMqBroker`, always with TLS; the one user may use the topic and nothing else."""

    def __init__(
        self,
        *,
        store: Path,
        name: str = "product",
        limits: Mapping[str, int] | None = None,
    ) -> None:
        """`limits`: of the template's own values, by their names there."""
        super().__init__(users={"scipio": "app-secret"}, tls=True, store=store, name=name)
        self._store_folder = store
        self._limits = dict(limits or {})

    def _write_configuration(self) -> Path:
        [(user, password)] = self.users.items()
        credentials = BrokerCredentials(
            key_store_password=self.key_store_password,
            app_password=password,
            operator_password=OPERATOR_PASSWORD,
        )
        configuration = BrokerXml(
            broker_name=self.name,
            store_folder=str(self._store_folder),
            data_folder=str(self.folder / "data"),
            credentials_path=str(self.folder / "credentials.properties"),
            key_store_path=str(self.key_store),
            port=self.port,
            topic="ScipioTopic",
            app_user=user,
            operator_user="operator",
            **self._limits,
        )
        self.write_log4j_properties()
        (self.folder / "credentials.properties").write_text(render(credentials))
        written = self.folder / "activemq.xml"
        written.write_text(render(configuration))
        return written
