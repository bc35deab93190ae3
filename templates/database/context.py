"""What the templates of the database may name."""

from dataclasses import dataclass
from typing import ClassVar

from contract.names import Port
from contract.tcp_limits import KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_PROBES
from templates.context import Context
from templates.output_kind import PG_HBA, POSTGRESQL_CONF, OutputKind


@dataclass(frozen=True, kw_only=True)
class PostgresqlConf(Context):
    """The server's parameters, for a small database on one machine."""

    template: ClassVar[str] = "database/postgresql.conf.j2"
    kind: ClassVar[OutputKind] = POSTGRESQL_CONF

    port: Port = 5432
    max_connections: int
    shared_buffers_mib: int = 64
    keepalive_idle_s: int = KEEPALIVE_IDLE_S
    keepalive_interval_s: int = KEEPALIVE_INTERVAL_S
    keepalive_probes: int = KEEPALIVE_PROBES
    idle_in_transaction_timeout_s: int = 600
    """An abandoned transaction holds its row locks no longer than this."""


@dataclass(frozen=True, kw_only=True)
class PgHba(Context):
    """Who may connect from where: two roles with a password, over the network."""

    template: ClassVar[str] = "database/pg_hba.conf.j2"
    kind: ClassVar[OutputKind] = PG_HBA

    database: str
    app_user: str
    admin_user: str
