"""PostgreSQL: one server with one volume."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_docker as docker

from components.docker.container_file import text_file
from components.docker.health_check import HealthCheck
from components.docker.service_container import Service, Surroundings, service_container
from components.docker.volume import data_volume
from contract import cluster_document
from templates.database.context import PgHba, PostgresqlConf
from templates.renderer import render

HOST_NAME: Final = "database"
"""Its name on the network, the same for every server that is ever put in this one's place."""

_CONFIGURATION = "/etc/postgresql-cluster"
_DATA = "/var/lib/postgresql"
_MEMORY_MIB = 768
"""64 MiB shared, and some 8 for each of 66 connections that two nodes have at most."""
_HEALTHY_WITHIN_S = 180
"""`initdb` at the first start, or recovery after a crash."""
_STOP_WITHIN_S = 60
"""A fast shutdown writes a checkpoint; a killed server replays its log at the next start."""


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """`database` is what the nodes' document says of it.

    `admin_password` becomes that of the role `postgres` when the volume is empty.
    """

    surroundings: Surroundings
    image: pulumi.Input[str]
    database: cluster_document.Database
    max_connections: int
    admin_password: pulumi.Input[str]


class Database(pulumi.ComponentResource):
    """A healthy PostgreSQL that answers on the cluster's network alone.

    The nodes make the ERP's role and database in it. Its volume is the cluster's memory: deleting
    it loses all that was ever written.
    """

    container_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("scipio:docker:Database", name, None, opts)
        volume = data_volume("database", "database", args.surroundings, parent=self)
        self.container_name = service_container(
            "database", _server(args, volume), args.surroundings, parent=self
        ).name
        self.register_outputs({"containerName": self.container_name})


def _server(args: DatabaseArgs, volume: docker.Volume) -> Service:
    return Service(
        role="database",
        image=args.image,
        host_name=HOST_NAME,
        memory_mib=_MEMORY_MIB,
        health=HealthCheck(command=("database-health",), start_period_s=_HEALTHY_WITHIN_S),
        healthy_within_s=_HEALTHY_WITHIN_S,
        stop_within_s=_STOP_WITHIN_S,
        files=[
            text_file(f"{_CONFIGURATION}/postgresql.conf", _parameters(args)),
            text_file(f"{_CONFIGURATION}/pg_hba.conf", _admissions(args.database)),
            text_file(
                f"{_CONFIGURATION}/admin-password", pulumi.Output.secret(args.admin_password)
            ),
        ],
        volumes=[docker.ContainerVolumeArgs(volume_name=volume.name, container_path=_DATA)],
    )


def _parameters(args: DatabaseArgs) -> str:
    return render(PostgresqlConf(port=args.database.port, max_connections=args.max_connections))


def _admissions(database: cluster_document.Database) -> str:
    return render(
        PgHba(database=database.name, app_user=database.app_user, admin_user=database.admin_user)
    )
