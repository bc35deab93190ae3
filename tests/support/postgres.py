"""A real PostgreSQL server in a temporary folder, on a free port of 127.0.0.1."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from tests.support.server_process import ServerError, ServerProcess, free_port

START_LIMIT_S = 30
SUPERUSER = "postgres"


def postgres_binaries() -> Path:
    """The newest installed PostgreSQL's `bin` folder; ServerError when there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]),
    )
    if not found:
        raise ServerError(
            "PostgreSQL: no /usr/lib/postgresql/*/bin/postgres; install Debian's `postgresql`"
        )
    return found[-1].parent


class PostgresServer:
    """One server: `start`, `stop` (clean), `kill` (a crash), and `start` again on the same data.

    Passwords are asked for over TCP, so a wrong one is refused. As root it runs as the system user
    `postgres`, because PostgreSQL refuses to be root.
    """

    def __init__(self, *, max_connections: int = 60) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.superuser = SUPERUSER
        self.superuser_password = secrets.token_hex(8)
        self._max_connections = max_connections
        self._user = SUPERUSER if os.geteuid() == 0 else None
        # Not pytest's folder: that one is closed to the user the server runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="test-postgres-"))
        self._data = self._folder / "data"
        self.log = self._folder / "server.log"
        self._process: ServerProcess | None = None

    def start(self) -> None:
        """The server answers queries; makes the data folder the first time."""
        if not self._data.exists():
            self._initialise()
        self._process = ServerProcess(
            "PostgreSQL",
            [
                str(postgres_binaries() / "postgres"),
                "-D",
                str(self._data),
                "-h",
                self.host,
                "-p",
                str(self.port),
                "-k",
                str(self._folder),
                "-c",
                f"max_connections={self._max_connections}",
                "-c",
                "fsync=off",
            ],
            log=self.log,
            folder=self._folder,
            user=self._user,
        )
        self._process.wait_until_usable(self._answers, within_s=START_LIMIT_S)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, clients are disconnected."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Immediate shutdown, as in a crash: the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """Stops it if it runs and deletes its folder."""
        self.stop()
        shutil.rmtree(self._folder)

    def dsn(
        self,
        database: str = "postgres",
        *,
        user: str = SUPERUSER,
        password: str | None = None,
    ) -> str:
        """A libpq connection string; without `password`, the superuser's."""
        return psycopg.conninfo.make_conninfo(
            host=self.host,
            port=self.port,
            dbname=database,
            user=user,
            password=self.superuser_password if password is None else password,
        )

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection in autocommit mode; the caller closes it."""
        return psycopg.connect(self.dsn(database), autocommit=True, connect_timeout=5)

    def create_database(
        self, name: str, *, owner: str, password: str, template: str = "template1"
    ) -> None:
        """Role `owner` with `password` exists and owns the new database `name`.

        It is empty, or a copy of `template`, which nobody may be connected to. Tables of a copy
        still belong to whom they belong in the template.
        """
        with self.connect() as connection:
            exists = connection.execute("select 1 from pg_roles where rolname = %s", [owner])
            verb = sql.SQL("alter" if exists.fetchone() else "create")
            connection.execute(
                sql.SQL("{} role {} login password {}").format(
                    verb, sql.Identifier(owner), sql.Literal(password)
                )
            )
            connection.execute(
                sql.SQL("create database {} owner {} template {}").format(
                    sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)
                )
            )

    def drop_database(self, name: str) -> None:
        """The database is gone, also when somebody was still connected."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.remove)
            self.start()
            on_failure.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def _initialise(self) -> None:
        password_file = self._folder / "superuser-password"
        password_file.write_text(self.superuser_password)
        if self._user:
            account = pwd.getpwnam(self._user)
            for path in (self._folder, password_file):
                os.chown(path, account.pw_uid, account.pw_gid)
        made = subprocess.run(
            [
                str(postgres_binaries() / "initdb"),
                f"--pgdata={self._data}",
                f"--username={self.superuser}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerError(f"initdb ended with {made.returncode}: {made.stderr.strip()}")

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, sent: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(sent)
            self._process = None
