"""The database, asked as the application: its rights, its connections, its data, its clock."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

import psycopg
from psycopg import sql

from contract.inside_report import InsideResult
from contract.node_times import POOL_STUCK_S, POOL_WAIT_S
from node.database import marker
from node.database.connection import Connection, RefusedError, Server
from node.errors import NodeError
from node.inside.jobs import polled
from node.inside.members import living
from node.inside.result import failed, passed, skipped
from node.inside.site import Site
from node.life.stuck_pool import stuck_pool_s

FULL_PERCENT = 90
"""Of the connections that the server gives to ordinary roles: from here on nodes may be refused."""
MOST_SKEW_MS = 1000.0
"""A job falls due by the clock of the node that looks for it, and its row was stamped by another's:
with more between them, orders of a second seem to be of the next one."""
CLOCK_READINGS = 5
STATEMENT_TIMEOUT_MS = 10_000


def look(site: Site) -> Iterator[InsideResult]:
    """All lines of the database over one connection; when there is none, one that says why."""
    server = Server(site.document.database, site.paths.database_authority, _application(site))
    try:
        password = site.secrets.value(site.document.database.app_password)
        connection = server.connect(
            site.document.database.name,
            user=site.document.database.app_user,
            password=password,
        )
    except (NodeError, RefusedError) as error:
        yield _unreached(server, error)
        yield from (skipped(name, "the database was not reached") for name in QUESTIONS)
        return
    with closing(connection):
        yield from _ask(site, server, connection)


def _ask(site: Site, server: Server, connection: Connection) -> Iterator[InsideResult]:
    yield passed(
        "database.reached",
        f"{server.place}, {_version(connection)}, TLS {_tls(connection)}",
    )
    for name, question in QUESTIONS.items():
        try:
            yield question(site, connection)
        except psycopg.Error as error:
            yield failed(
                name,
                f"the database refused the question: {_first_line(error)}",
                "Look into the log of the database server.",
            )


def _unreached(server: Server, error: NodeError | RefusedError) -> InsideResult:
    what = f"{error.refusal}: {error.words}" if isinstance(error, RefusedError) else str(error)
    return failed(
        "database.reached",
        f"{server.place}: {what}",
        "Check that the server runs, and that this node may reach it and knows its password.",
    )


def _application(site: Site) -> str:
    return f"check of {site.instance_id}"


def _version(connection: Connection) -> str:
    return f"PostgreSQL {connection.info.parameter_status('server_version')}"


def _tls(connection: Connection) -> str:
    return "on" if connection.pgconn.ssl_in_use else "off"


def _rights(_: Site, connection: Connection) -> InsideResult:
    """Owner of its own tables, and nothing beyond: what a stolen password is worth."""
    row = _row(
        connection,
        "SELECT rolname,"
        " concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END,"
        " CASE WHEN rolcreaterole THEN 'may create roles' END,"
        " CASE WHEN rolcreatedb THEN 'may create databases' END,"
        " CASE WHEN rolreplication THEN 'may replicate' END,"
        " CASE WHEN rolbypassrls THEN 'bypasses row security' END,"
        " (SELECT 'member of ' || string_agg(roleid::regrole::text, ', ')"
        "    FROM pg_auth_members WHERE member = role.oid)),"
        " (SELECT count(*) FROM pg_tables WHERE tableowner = role.rolname)"
        " FROM pg_roles AS role WHERE rolname = current_user",
    )
    role, too_much, owned = str(row[0]), str(row[1]), int(str(row[2]))
    if too_much:
        return failed(
            "database.rights",
            f"{role} is more than the application needs: {too_much}",
            f"Take it away as the administrator (ALTER ROLE, REVOKE … FROM {role}).",
        )
    return passed("database.rights", f"{role} is no superuser and owns {owned} tables")


def _connections(site: Site, connection: Connection) -> InsideResult:
    row = _row(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE application_name = %(me)s),"
        " current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " FROM pg_stat_activity WHERE backend_type = 'client backend'",
        {"me": site.instance_id},
    )
    used, own, given = (int(str(value)) for value in row)
    pool = site.document.database.pool_max
    evidence = f"{used} of {given} in use, {own} by this node's pool of {pool}"
    figures = {"used": float(used), "given": float(given), "own": float(own)}
    if own > pool:
        return failed(
            "database.connections",
            evidence,
            "A node may not have more than its pool: look for a second JVM of this instance id.",
            **figures,
        )
    if used * 100 > given * FULL_PERCENT:
        return failed(
            "database.connections",
            evidence,
            "Raise database.maxConnections, or lower database.poolMax or the number of nodes.",
            **figures,
        )
    return passed("database.connections", evidence, **figures)


def _pool(site: Site, connection: Connection) -> InsideResult:
    """Whether the JVM gets on with its connections, or all of them wait for it."""
    pool = site.document.database.pool_max
    stuck_s = round(stuck_pool_s(connection, site.instance_id, pool), 1)
    if stuck_s > POOL_WAIT_S:
        return failed(
            "database.pool",
            f"all {pool} connections of this node have stood idle in transaction for {stuck_s:g} s",
            f"After {POOL_STUCK_S} s the JVM is ended, its threads in the log, and starts again. "
            "Look there for code that takes connections inside each other or never gives one back.",
            stuck_s=stuck_s,
        )
    return passed("database.pool", "connections are in use and come back", stuck_s=stuck_s)


def _data(site: Site, connection: Connection) -> InsideResult:
    """The marker of the preparation; its columns as they are, because a later agent adds some."""
    try:
        row = connection.execute(
            sql.SQL(
                "SELECT to_jsonb(marker)::text FROM {} AS marker WHERE state = 'finished'"
                " ORDER BY attempt DESC LIMIT 1"
            ).format(sql.Identifier("public", marker.TABLE))
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        row = None
    if row is None:
        return failed(
            "database.data",
            "no preparation of this database has finished",
            "Start a node: the first one prepares it, and its log says how far it came.",
        )
    said = json.loads(str(row[0]))
    version = int(said["data_version"])
    evidence = (
        f"data version {version}, readers {said['readers']}, by {said['instance_id']} at "
        + (f"{said['finished_at'][:19]}")
    )
    if release := said.get("release"):
        evidence = f"release {release}, {evidence}"
    wanted = site.document.seed.data_version
    if version < wanted:
        return failed(
            "database.data",
            f"{evidence}; this node's document asks for {wanted}",
            "Restart one node of this release: it brings the data up to date.",
        )
    return passed("database.data", evidence)


def _clock(_: Site, connection: Connection) -> InsideResult:
    """The reading with the shortest way counts; the database's clock was asked half-way."""
    readings = [_reading(connection) for _ in range(CLOCK_READINGS)]
    way_s, skew_s = min(readings)
    skew_ms = round(skew_s * 1000, 1)
    unsure_ms = round(way_s * 500, 1)
    evidence = f"{abs(skew_ms):g} ms {'ahead' if skew_ms > 0 else 'behind'} (± {unsure_ms:g} ms)"
    if abs(skew_ms) - unsure_ms > MOST_SKEW_MS:
        return failed(
            "database.clock",
            f"this node is {evidence} of the database",
            "Check the time synchronisation (chrony) of this machine.",
            skew_ms=skew_ms,
        )
    return passed("database.clock", f"{evidence} of the database", skew_ms=skew_ms)


def _reading(connection: Connection) -> tuple[float, float]:
    """How long the question took, and how much our clock is ahead, both in seconds."""
    started, before = time.monotonic(), time.time()
    row = _row(connection, "SELECT extract(epoch FROM clock_timestamp())::float8")
    way_s = time.monotonic() - started
    return way_s, before + way_s / 2 - float(str(row[0]))


def _row(
    connection: Connection, query: str, parameters: dict[str, object] | None = None
) -> tuple[object, ...]:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None  # every question asks for exactly one row
    return row


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


QUESTIONS: Mapping[str, Callable[[Site, Connection], InsideResult]] = {
    "database.rights": _rights,
    "database.connections": _connections,
    "database.pool": _pool,
    "database.data": _data,
    "database.clock": _clock,
    "database.members": living,
    "database.jobs": polled,
}
"""Name of the line → the function that makes it; all over one connection, in this order."""
