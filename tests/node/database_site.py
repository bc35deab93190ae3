"""A database that nodes prepare, each in a process of its own, with the scripted loader."""

import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from node.database.connection import Connection
from tests.node.documents import (
    ADMINISTRATOR_PASSWORD,
    APP_PASSWORD,
    MESSAGING_PASSWORD,
    document,
)
from tests.support.postgres import PostgresServer
from tests.support.server_process import ServerProcess, wait_until

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
_numbers = itertools.count(1)


class Site:
    """A database that does not exist yet, and nodes that prepare it."""

    def __init__(self, folder: Path, postgres: PostgresServer) -> None:
        number = next(_numbers)
        self.folder = folder
        self.postgres = postgres
        self.name = f"prepared_{number}"
        self.app_user = f"prepared_{number}_app"
        self.admin_user = postgres.superuser
        self.admin_password = postgres.superuser_password
        self.app_password = APP_PASSWORD
        self.port = postgres.port
        self.connect_timeout_s = 20
        self.release = "1.0"
        self.data_version = 1
        self._processes: list[ServerProcess] = []
        java = folder / "bin" / "java"
        java.parent.mkdir()
        # The interpreter of the tests, because the scripted loader needs psycopg.
        java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/scripted_java.py" "$@"\n')
        java.chmod(0o755)

    def copy(self, folder: Path) -> "Site":
        """The same database under another name, with the same users, and nodes of its own.

        Nothing is connected to this one meanwhile.
        """
        made = Site(folder, self.postgres)
        made.app_user = self.app_user
        shutil.copy(self.folder / "runs", folder / "runs")
        self.postgres.create_database(
            made.name, owner=self.app_user, password=self.app_password, template=self.name
        )
        return made

    def start(self, instance_id: str) -> ServerProcess:
        """A node begins to prepare."""
        self._write_files()
        process = ServerProcess(
            instance_id,
            [sys.executable, "-m", "tests.node.preparing_node", instance_id],
            log=self.folder / f"{instance_id}.log",
            environment={
                **os.environ,
                "PYTHONPATH": str(PROJECT),
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            },
            folder=self.folder,
        )
        self._processes.append(process)
        return process

    def prepare(self, instance_id: str = "app-1") -> tuple[int, str]:
        """A node prepares; its exit code and what it said."""
        process = self.start(instance_id)
        return process.wait_for_exit(within_s=60), process.log_text()

    def behave(self, behaviour: str) -> None:
        (self.folder / "behaviour").write_text(behaviour)

    @property
    def seed_loads(self) -> int:
        runs = self.folder / "runs"
        lines = runs.read_text().splitlines() if runs.exists() else []
        return sum(line.startswith("readers=seed,seed-initial,ext delegator=") for line in lines)

    def wait_until_it_waits(self) -> None:
        wait_until("the loader waits", (self.folder / "waits").exists, within_s=20)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.postgres.connect(self.name) as connection:
            return connection.execute(sql.SQL(query)).fetchall()

    def attempts(self) -> list[tuple[object, ...]]:
        return self.rows(
            "SELECT instance_id, state FROM scipio_cluster_preparation ORDER BY attempt"
        )

    def log_in(self, password: str | None = None) -> Connection:
        """As the application would."""
        dsn = self.postgres.dsn(
            self.name, user=self.app_user, password=password or self.app_password
        )
        return psycopg.connect(dsn)

    def remove(self) -> None:
        for process in self._processes:
            if process.exit_code is None:
                process.end(signal.SIGKILL)
        self.postgres.drop_database(self.name)

    def _write_files(self) -> None:
        made = document(
            database_port=self.port,
            database_name=self.name,
            app_user=self.app_user,
            admin_user=self.admin_user,
            connect_timeout_s=self.connect_timeout_s,
        )
        secrets = {
            "database_app_password": self.app_password,
            "database_admin_password": self.admin_password,
            "messaging_password": MESSAGING_PASSWORD,
            "administrator_password": ADMINISTRATOR_PASSWORD,
        }
        seed = made.seed.model_copy(update={"data_version": self.data_version})
        made = made.model_copy(update={"seed": seed})
        plain = {
            "document": made.model_dump(mode="json"),
            "secrets": secrets,
            "release": self.release,
        }
        (self.folder / "preparation.json").write_text(json.dumps(plain))
        (self.folder / "dsn").write_text(
            self.postgres.dsn(self.name, user=self.app_user, password=self.app_password)
        )
