"""Prepares the database: role, database, schema, seed, the administrator's password, jobs.

Any number of nodes may run this at once, and any of them may be killed at any moment.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from contract.cluster_document import ClusterDocument, FileSecret, SecretReference
from node.administrator import administrator_data, password_hash
from node.database import marker
from node.database.app_role import database_exists, ensure_database, ensure_role
from node.database.connection import (
    Connection,
    LogIn,
    Refusal,
    RefusedError,
    Server,
    connect_patiently,
    fatal_refusal,
)
from node.database.guarded_load import (
    guard,
    let_password_be_set,
    lift_guard,
    make_password_guard,
)
from node.database.lock import PreparationLock
from node.database.schema_load import DELEGATOR as SCHEMA_DELEGATOR
from node.database.schema_load import NO_DATA, load_schema, lock_timeout_message
from node.database.seeded_jobs import settle_seeded_jobs
from node.database.start_over import clear
from node.database.verification import administrator_hash, faults_after_load, faults_of_schema
from node.errors import ConfigurationError, DatabaseUnavailableError, NodeError
from node.life.job_fence import ensure_job_fence, job_fence_stands
from node.life.nodes_table import ensure_nodes_table, nodes_table_usable
from node.loader import Loader, LoadResult
from node.log import Log
from node.private_file import write_private
from node.secrets import NodeSecrets, still_there

MAINTENANCE_DATABASE = "postgres"
LOAD_TIMEOUT_S = 1800
"""The ERP's load takes half a minute; a load that takes this long hangs."""
LOCK_TIMEOUT_S = 2 * LOAD_TIMEOUT_S
SEED_DELEGATOR = "delegator=seed"
NOT_PREPARED = frozenset({Refusal.PASSWORD, Refusal.NO_DATABASE, Refusal.NOT_ALLOWED})
"""What the application's role meets on a database that is not prepared yet."""


@dataclass(frozen=True, kw_only=True)
class DatabasePreparation:
    """One node's part in it."""

    document: ClusterDocument
    secrets: NodeSecrets = field(repr=False)
    instance_id: str
    loader: Loader
    data_file: Path
    """Holds what one load is given besides the tree's own data, for its length."""
    release: str
    """Of the image that this node runs."""
    authority: Path
    log: Log

    def run(self) -> None:
        """The database is prepared, by this node or by another one.

        Raises DatabaseUnavailableError when it cannot be reached or the preparation failed, and
        ConfigurationError when it refuses the document's users or holds other data.
        """
        try:
            if self._is_prepared():
                self.log.info(f"The database {self._name!r} is prepared.")
                return
            self._prepare()
        except psycopg.errors.InsufficientPrivilege as error:
            raise ConfigurationError(
                f"{self._server.place}: the user {self.document.database.admin_user!r} may not do "
                f"this: {_first_line(error)}. It must be allowed to create roles and databases."
            ) from None
        except psycopg.Error as error:
            raise DatabaseUnavailableError(
                f"{self._server.place}: {_first_line(error)}. The preparation is not finished; the "
                "next start of any node begins again."
            ) from None

    @property
    def log_in(self) -> LogIn:
        """As the application, to the prepared database."""
        return self._server.log_in(
            self._name,
            user=self.document.database.app_user,
            password=self.secrets.database_app_password,
        )

    def connect(self) -> Connection:
        """An open connection as the application, to the prepared database. Raises as `run`."""
        try:
            return self._connect(self._log_in)
        except RefusedError as error:
            raise self._application_refused(error) from None

    @property
    def _name(self) -> str:
        return self.document.database.name

    @property
    def _server(self) -> Server:
        return Server(self.document.database, self.authority, f"node {self.instance_id}")

    def _is_prepared(self) -> bool:
        """Asked as the application, so that a finished database needs no administrator."""
        try:
            connection = self._connect(self._log_in)
        except RefusedError as error:
            if error.refusal in NOT_PREPARED:
                return False
            raise self._application_refused(error) from None
        with closing(connection):
            return (
                marker.lacking(connection, self._wanted) is None
                and nodes_table_usable(connection)
                and job_fence_stands(connection)
            )

    def _log_in(self) -> Connection:
        return self.log_in.connect()

    def _application_refused(self, error: RefusedError) -> NodeError:
        database = self.document.database
        return fatal_refusal(
            self._server, error, user=database.app_user, secret=_named(database.app_password)
        )

    def _administer(self, name: str) -> Connection:
        database = self.document.database
        password = still_there(self.secrets.database_admin_password, database.admin_password)
        try:
            return self._connect(
                lambda: self._server.connect(
                    name,
                    user=database.admin_user,
                    password=password,
                )
            )
        except RefusedError as error:
            raise fatal_refusal(
                self._server,
                error,
                user=database.admin_user,
                secret=_named(database.admin_password),
            ) from None

    def _connect(self, attempt: Callable[[], Connection]) -> Connection:
        deadline = time.monotonic() + self.document.database.connect_timeout_s
        return connect_patiently(self._server, attempt, deadline=deadline, log=self.log)

    def _prepare(self) -> None:
        with closing(self._administer(MAINTENANCE_DATABASE)) as maintenance:
            lock = PreparationLock(maintenance, self._name, self.log)
            lock.acquire(within_s=LOCK_TIMEOUT_S)
            self._prepare_role_and_database(maintenance)
            with closing(self._administer(self._name)) as database:
                self._prepare_data(database, lock)
                ensure_nodes_table(database, self.document.database.app_user, self.log)
                ensure_job_fence(database, self.log)

    def _prepare_role_and_database(self, maintenance: Connection) -> None:
        if database_exists(maintenance, self._name):
            with closing(self._administer(self._name)) as database:
                marker.refuse_foreign_tables(database)
        user = self.document.database.app_user
        ensure_role(
            maintenance,
            user,
            self.secrets.database_app_password,
            log_in=lambda: self._log_in().close(),
            log=self.log,
        )
        ensure_database(maintenance, self._name, user, log=self.log)

    @property
    def _wanted(self) -> marker.Wanted:
        return marker.Wanted(release=self.release, data_version=self.document.seed.data_version)

    def _prepare_data(self, database: Connection, lock: PreparationLock) -> None:
        attempt = marker.begin_attempt(
            database,
            marker.Preparation(
                wanted=self._wanted,
                document_version=self.document.document_version,
                readers=",".join(self.document.seed.readers),
                instance_id=self.instance_id,
            ),
        )
        if attempt is None:
            self.log.info(f"The database {self._name!r} was prepared by another node.")
            return
        started = time.monotonic()
        if attempt.work is marker.Work.FIRST_LOAD:
            self._load_first(database, lock, attempt)
        elif attempt.work is marker.Work.DATA:
            self._load_data(database, lock, attempt)
        else:
            self._add_schema(database, lock, attempt)
        lock.check()
        with database.transaction():
            if attempt.work is marker.Work.DATA:
                lift_guard(database)
            marker.finish(database, attempt, self.document.database.app_user)
        self.log.info(
            f"The database {self._name!r} is prepared.",
            attempt=attempt.number,
            work=attempt.work,
            release=self.release,
            seconds=round(time.monotonic() - started, 1),
        )

    def _load_first(
        self, database: Connection, lock: PreparationLock, attempt: marker.Attempt
    ) -> None:
        if attempt.starts_over:
            dropped = clear(database, self.document.database.app_user)
            self.log.warning(
                f"An earlier preparation of {self._name!r} was not finished: "
                f"starting over ({dropped} tables dropped)."
            )
        self._load_seed(database, lock, SCHEMA_DELEGATOR)
        # While no node uses the table yet.
        make_password_guard(database, self.log)
        self._set_administrator_password(database, lock)
        self._settle_jobs(database)

    def _load_data(
        self, database: Connection, lock: PreparationLock, attempt: marker.Attempt
    ) -> None:
        """Older nodes may run meanwhile: they begin no job until the attempt is finished.

        The schema first, which waits for tables in use: the load of the data then changes none.
        """
        self._add_schema(database, lock, attempt)
        user = self.document.administrator.user
        guard(database, user, self.log)
        self._load_seed(database, lock, SEED_DELEGATOR)
        if administrator_hash(database, user) is None:
            let_password_be_set(database)
            self._set_administrator_password(database, lock)
        self._settle_jobs(database)

    def _add_schema(
        self, database: Connection, lock: PreparationLock, attempt: marker.Attempt
    ) -> None:
        """A load of nothing: the delegator adds what is missing (DatabaseUtil.checkDb)."""
        self.log.info(f"Adding what release {self.release} brings to the schema of {self._name!r}.")
        with closing(self.connect()) as application:
            message = lock_timeout_message(database, application)
        result = load_schema(
            database,
            lambda: self._load_file(NO_DATA, lock, SCHEMA_DELEGATOR, message),
            owner=self.document.database.app_user,
            tables_before=attempt.tables_before,
            log=self.log,
        )
        self._require_good("the schema", result, faults_of_schema(database))
        marker.schema_is_whole(database, attempt)

    def _settle_jobs(self, database: Connection) -> None:
        settled = settle_seeded_jobs(
            database, ZoneInfo(self.document.node.time_zone), now=datetime.now(UTC)
        )
        self.log.info(
            "No seeded job is due before its time.",
            moved=settled.moved,
            removed=len(settled.removed),
        )
        for sentence in settled.removed:
            self.log.info(f"Removed a seeded job that recurs already under another id: {sentence}")
        for sentence in settled.unknown:
            self.log.warning(f"Moved by days alone, its schedule cannot be read: {sentence}")

    def _load_seed(self, database: Connection, lock: PreparationLock, delegator: str) -> None:
        """The delegator of the schema makes the tables as well, those in use with little patience:
        for rows it has none either, so data of a database in use go through the other one."""
        readers = ",".join(self.document.seed.readers)
        self.log.info(f"Loading schema and seed data into {self._name!r} (readers {readers}).")
        result = self._load([f"readers={readers}", delegator], lock)
        self._require_good("seed data", result, faults_after_load(database))

    def _set_administrator_password(self, database: Connection, lock: PreparationLock) -> None:
        """Before any connector opens: the seeded password is public (AdminUserLoginData.xml:3)."""
        user = self.document.administrator.user
        reference = self.document.administrator.password
        hashed = password_hash(still_there(self.secrets.administrator_password, reference))
        result = self._load_file(administrator_data(user, hashed), lock)
        stored = administrator_hash(database, user)
        faults = [] if stored == hashed else [f"the password of the log-in {user!r} is not set"]
        self._require_good("the administrator's password", result, faults)

    def _load_file(
        self,
        data: bytes,
        lock: PreparationLock,
        delegator: str = SEED_DELEGATOR,
        lock_timeout_message: str | None = None,
    ) -> LoadResult:
        write_private(self.data_file, data)
        try:
            return self._load([f"file={self.data_file}", delegator], lock, lock_timeout_message)
        finally:
            self.data_file.unlink()

    def _load(
        self,
        arguments: Sequence[str],
        lock: PreparationLock,
        lock_timeout_message: str | None = None,
    ) -> LoadResult:
        deadline = time.monotonic() + LOAD_TIMEOUT_S

        def watch() -> None:
            lock.check()
            if time.monotonic() > deadline:
                raise DatabaseUnavailableError(
                    f"loading into {self._name!r} took more than {LOAD_TIMEOUT_S} s and was ended. "
                    "The next start of any node begins again."
                )

        return self.loader.load(arguments, watch=watch, lock_timeout_message=lock_timeout_message)

    def _require_good(self, what: str, result: LoadResult, faults: Sequence[str]) -> None:
        """Raises DatabaseUnavailableError with the loader's own words as evidence."""
        found = list(faults)
        if result.exit_code != 0:
            found.insert(0, f"the loader's exit code is {result.exit_code}")
        found += [f"the loader says: {line}" for line in result.errors]
        if not found:
            return
        evidence = result.errors or result.last_lines[-5:]
        raise DatabaseUnavailableError(
            f"loading {what} into {self._name!r} failed: {'; '.join(found)}. "
            + ("" if result.errors else f"Its last lines: {' / '.join(evidence)}. ")
            + "It is not marked as finished; the next start of any node begins again."
        )


def _named(reference: SecretReference) -> str:
    return repr(reference.name if isinstance(reference, FileSecret) else reference.arn)


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
