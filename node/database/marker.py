"""The table that says how far the preparation of a database has come.

One row an attempt, never deleted. A node asks it what the database lacks for its release.
"""

from dataclasses import dataclass
from enum import StrEnum

from psycopg import errors, sql

from node.database.connection import Connection
from node.database.table_changes import change_tables
from node.errors import ConfigurationError, DatabaseUnavailableError

TABLE = "scipio_cluster_preparation"
_CREATE = f"""
CREATE TABLE IF NOT EXISTS public.{TABLE} (
    attempt bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('loading', 'finished')),
    data_version integer NOT NULL,
    document_version integer NOT NULL,
    readers text NOT NULL,
    instance_id text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
);
"""
_ADD_UPGRADES = f"""
ALTER TABLE public.{TABLE} ADD COLUMN IF NOT EXISTS work text NOT NULL DEFAULT 'first load',
    ADD COLUMN IF NOT EXISTS release text
"""
"""Apart, so that a table of an agent that knew no upgrades gets them too."""
_ADD_TABLES_BEFORE = f"ALTER TABLE public.{TABLE} ADD COLUMN IF NOT EXISTS tables_before text[]"
"""The tables that were there before the schema was changed; null where no change is under way."""
_ADDED_COLUMNS = ("work", "release", "tables_before")
_COUNT_ADDED_COLUMNS = """
SELECT count(*) FROM pg_attribute
 WHERE attrelid = to_regclass(%s) AND attname = ANY(%s) AND NOT attisdropped
"""
_TABLES_BEFORE = f"""
SELECT coalesce(
    (SELECT tables_before FROM public.{TABLE}
      WHERE tables_before IS NOT NULL
        AND attempt > (SELECT max(attempt) FROM public.{TABLE} WHERE state = 'finished')
      ORDER BY attempt LIMIT 1),
    (SELECT coalesce(array_agg(tablename::text), ARRAY[]::text[])
       FROM pg_tables WHERE schemaname = 'public'))
"""  # noqa: S608 - our own constant
"""Those before the first attempt since the last finished one: a killed attempt's tables are new."""


class Work(StrEnum):
    """What a database lacks; the values stand in the marker's rows."""

    FIRST_LOAD = "first load"
    SCHEMA = "schema"
    """Tables and columns that a release brings. Nothing is taken away, so older nodes run on."""
    DATA = "data"
    """A data version that is asked for, and with it the schema."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a node needs of its database."""

    release: str
    data_version: int


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A preparation that this node has begun."""

    number: int
    work: Work
    starts_over: bool
    """A first load was begun before and not finished: what is there is not to be trusted."""
    tables_before: frozenset[str]
    """Of the schema `public`, before this attempt and those that were killed in its place. What the
    loader made since may lack foreign keys. After `schema_is_whole`, those that are there."""


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What an attempt writes into its row."""

    wanted: Wanted
    document_version: int
    readers: str
    instance_id: str


def lacking(connection: Connection, wanted: Wanted) -> Work | None:
    """What is to be done before a node that wants this may start; None when nothing is.

    Releases have no order. One that was prepared once starts again on whatever came after it, so
    the way back of a release is open; so does a node that wants an older data version. Also asked
    by the application's role, to which a table that it cannot read is one that is not there.
    """
    try:
        row = connection.execute(
            "SELECT max(data_version), coalesce(bool_or(release = %s), false)"  # noqa: S608 - our own constant
            f" FROM public.{TABLE} WHERE state = 'finished'",
            [wanted.release],
        ).fetchone()
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.InsufficientPrivilege):
        return Work.FIRST_LOAD
    if row is None or row[0] is None:
        return Work.FIRST_LOAD
    if wanted.data_version > int(str(row[0])):
        return Work.DATA
    return None if row[1] else Work.SCHEMA


def refuse_foreign_tables(connection: Connection) -> None:
    """Raises ConfigurationError when the database has tables and was never prepared by an agent.

    Such a database holds other data: it is neither loaded into nor cleared.
    """
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    names = [str(table[0]) for table in tables]
    if names and TABLE not in names:
        raise ConfigurationError(
            f"database {connection.info.dbname!r}: has {len(names)} tables ({names[0]}, …) and no "
            f"table {TABLE}, so it holds data that no node of a cluster has loaded. It must be "
            "empty at the first start. Nothing was changed; name another one in database.name."
        )


def begin_attempt(connection: Connection, preparation: Preparation) -> Attempt | None:
    """A new attempt that supersedes all unfinished ones; None when nothing is lacking.

    Raises DatabaseUnavailableError when others keep the marker's table from being changed.
    """
    wanted = preparation.wanted
    _make_table(connection)
    with connection.transaction():
        # From here on no superseded attempt can become finished: see `finish`.
        connection.execute(f"LOCK TABLE public.{TABLE} IN EXCLUSIVE MODE")
        work = lacking(connection, wanted)
        if work is None:
            return None
        before = _tables_before(connection)
        row = connection.execute(
            f"INSERT INTO public.{TABLE} (state, data_version, document_version, readers,"  # noqa: S608 - our own constant
            " instance_id, work, release, tables_before)"
            " VALUES ('loading',"
            # A release with an older data version does not take the newer one back.
            " greatest(%s,"
            f" (SELECT max(data_version) FROM public.{TABLE} WHERE state = 'finished')),"
            " %s, %s, %s, %s, %s, %s)"
            f" RETURNING attempt, (SELECT count(*) FROM public.{TABLE}) > 0",
            (
                wanted.data_version,
                preparation.document_version,
                preparation.readers,
                preparation.instance_id,
                work,
                wanted.release,
                sorted(before),
            ),
        ).fetchone()
    assert row is not None
    return Attempt(
        number=int(str(row[0])),
        work=work,
        starts_over=work is Work.FIRST_LOAD and bool(row[1]),
        tables_before=before,
    )


def _tables_before(connection: Connection) -> frozenset[str]:
    row = connection.execute(_TABLES_BEFORE).fetchone()
    assert row is not None
    assert isinstance(row[0], list)
    return frozenset(map(str, row[0]))


def schema_is_whole(connection: Connection, attempt: Attempt) -> None:
    """Every table has its foreign keys: what fails from now on leaves none without."""
    connection.execute(
        f"UPDATE public.{TABLE} SET tables_before = NULL"  # noqa: S608 - our own constant
        " WHERE attempt <= %s AND state = 'loading'",
        [attempt.number],
    )


def _make_table(connection: Connection) -> None:
    """Whole already, it is not touched: nodes that start read it, and a backup may for hours."""
    found = connection.execute(
        _COUNT_ADDED_COLUMNS, [f"public.{TABLE}", list(_ADDED_COLUMNS)]
    ).fetchone()
    if found != (len(_ADDED_COLUMNS),):
        change_tables(connection, lambda: _create(connection), tables=[TABLE])


def _create(connection: Connection) -> None:
    connection.execute(_CREATE)
    connection.execute(_ADD_UPGRADES)
    connection.execute(_ADD_TABLES_BEFORE)


def finish(connection: Connection, attempt: Attempt, app_user: str) -> None:
    """The attempt's work is done, and `app_user` may read that it is.

    Raises DatabaseUnavailableError when a later attempt has superseded this one.
    """
    connection.execute(
        sql.SQL("GRANT SELECT ON {} TO {}").format(
            sql.Identifier("public", TABLE), sql.Identifier(app_user)
        )
    )
    updated = connection.execute(
        f"UPDATE public.{TABLE} SET state = 'finished', finished_at = clock_timestamp()"  # noqa: S608 - our own constant
        f" WHERE attempt = %s AND attempt = (SELECT max(attempt) FROM public.{TABLE})",
        [attempt.number],
    )
    if updated.rowcount != 1:
        raise DatabaseUnavailableError(
            f"database {connection.info.dbname!r}: another node has begun to prepare it anew; "
            "this attempt does not count. The next start waits for that node."
        )
