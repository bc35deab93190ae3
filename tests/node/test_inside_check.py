"""`python3 -m node check`: every line can hold, and can fail with evidence and advice."""

import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from contract.cluster_document import Search, SharedFiles
from contract.inside_report import InsideReport, InsideResult
from node.inside import broker, cache_clear, database, disk, node_itself, search, shared_files
from node.inside.site import Look, Site
from node.inside.table import as_table
from node.launch import Launch
from node.paths import NodePaths
from node.secrets import SecretStores
from tests.node.documents import APP_PASSWORD, document
from tests.node.node_site import NodeSite
from tests.support.activemq import ActiveMqBroker
from tests.support.postgres import PostgresServer
from tests.support.server_process import free_port

NOBODY = 1
"""A port at which nothing listens."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A node in whose container nothing has happened yet."""
    home, configuration, run = tmp_path / "home", tmp_path / "configuration", tmp_path / "run"
    (home / "runtime").mkdir(parents=True)
    (configuration / "secrets").mkdir(parents=True)
    run.mkdir()
    (configuration / "secrets" / "database-app").write_text(APP_PASSWORD)
    paths = NodePaths(home=home, jar="ofbiz.jar", run=run, configuration=configuration)
    return Site(
        document=document(database_port=NOBODY, http_port=free_port()),
        instance_id="app-1",
        role="app",
        paths=paths,
        secrets=SecretStores(paths.secrets, paths.preparation_secrets),
    )


def lines(look: Look, site: Site) -> dict[str, InsideResult]:
    return {result.name: result for result in look(site)}


def changed(site: Site, **update: Any) -> Site:
    """The same node with another document."""
    kept = {name: getattr(site, name) for name in ("instance_id", "role", "paths", "secrets")}
    return Site(document=site.document.model_copy(update=update), **kept)


def in_role_search(site: Site) -> Site:
    kept = {name: getattr(site, name) for name in ("document", "instance_id", "paths", "secrets")}
    return Site(role="search", **kept)


# The whole command


@pytest.fixture
def node_site(tmp_path: Path, postgres: PostgresServer) -> Iterator[NodeSite]:
    made = NodeSite(
        tmp_path,
        postgres,
        document(
            database_port=postgres.port,
            database_name="inside",
            app_user="inside_app",
            http_port=free_port(),
            health_path="/health",
        ),
    )
    made.link()
    made.use_scripted_java()
    yield made
    made.remove()


def test_a_prepared_node_says_what_holds_and_what_does_not(node_site: NodeSite) -> None:
    """Its database is a real one; it has no broker, and its files are no volume."""
    prepared = node_site.command("prepare")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr

    told = node_site.command("check", "--json")
    assert told.returncode == 1, told.stderr
    report = InsideReport.model_validate_json(told.stdout)
    verdicts = {result.name: result.verdict for result in report.results}
    assert {name for name, verdict in verdicts.items() if verdict == "pass"} >= {
        "node.document",
        "database.reached",
        "database.rights",
        "database.connections",
        "database.pool",
        "database.data",
        "database.clock",
        "database.members",
        "database.jobs",
        "disk.runtime",
        "disk.run",
    }
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} >= {
        "broker.live",
        "sharedFiles.writable",
    }
    assert verdicts["search.answers"] == "skip"
    assert all(result.advice for result in report.results if result.verdict == "fail")
    for value in node_site.secrets.values():
        assert value not in told.stdout + told.stderr

    table = node_site.command("check")
    assert table.returncode == 1
    assert "FAILS  broker.live" in table.stdout
    assert "-> Start a broker" in table.stdout


def test_a_node_without_a_document_says_so_and_looks_no_further(node_site: NodeSite) -> None:
    (node_site.configuration / "cluster.json").unlink()
    told = node_site.command("check")
    assert (told.returncode, told.stdout) == (78, "")
    assert "cluster.json: cannot be read" in told.stderr


# The database


@pytest.fixture
def with_database(site: Site, postgres: PostgresServer) -> Iterator[Site]:
    """A database of the application's own that no agent has prepared."""
    postgres.create_database("looked_at", owner="looker", password=APP_PASSWORD)
    update = {"port": postgres.port, "name": "looked_at", "app_user": "looker"}
    yield changed(site, database=site.document.database.model_copy(update=update))
    postgres.drop_database("looked_at")


def test_a_database_that_nobody_has_prepared_is_said(with_database: Site) -> None:
    found = lines(database.look, with_database)
    assert found["database.reached"].verdict == "pass"
    assert found["database.rights"].evidence == "looker is no superuser and owns 0 tables"
    assert "no preparation" in found["database.data"].evidence
    assert "scipio_cluster_node" in found["database.members"].evidence
    assert abs(found["database.clock"].figures["skew_ms"]) < 1000


def test_a_role_that_may_more_than_it_needs_is_found_out(
    with_database: Site, postgres: PostgresServer
) -> None:
    with postgres.connect() as admin:
        admin.execute("ALTER ROLE looker CREATEDB")
        admin.execute("GRANT pg_monitor TO looker")
        try:
            found = lines(database.look, with_database)["database.rights"]
        finally:
            admin.execute("ALTER ROLE looker NOCREATEDB")
            admin.execute("REVOKE pg_monitor FROM looker")
    assert found.verdict == "fail"
    assert "may create databases" in found.evidence
    assert "member of pg_monitor" in found.evidence


def test_a_database_that_is_away_fails_one_line_and_skips_the_others(site: Site) -> None:
    found = lines(database.look, site)
    assert found.pop("database.reached").verdict == "fail"
    assert {result.verdict for result in found.values()} == {"skip"}


# The broker


def test_the_live_broker_of_a_pair_is_named(site: Site) -> None:
    """By its greeting, over TLS that is verified."""
    with ActiveMqBroker(tls=True) as live:
        endpoint = site.document.messaging.brokers[0]
        pair = (
            endpoint.model_copy(update={"port": NOBODY}),
            endpoint.model_copy(update={"port": live.port}),
        )
        messaging = site.document.messaging.model_copy(
            update={"brokers": pair, "tls": True, "ca_certificate": live.ca_certificate}
        )
        [found] = broker.look(changed(site, messaging=messaging))
        assert found.verdict == "pass"
        assert "127.0.0.1:1 connection refused" in found.evidence
        assert f"127.0.0.1:{live.port} is live" in found.evidence

        stranger = messaging.model_copy(update={"ca_certificate": None})
        [found] = broker.look(changed(site, messaging=stranger))
        assert found.verdict == "fail"
        assert "cannot be trusted" in found.evidence


# Pages of the JVM and of Solr


@contextmanager
def answering(pages: "Pages") -> Iterator[int]:
    """A server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            page = pages.answer(self.command, self.path)
            text = b"" if page is None else json.dumps(page).encode()
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class Pages:
    """The reference node's row page: every write's message comes back, or none."""

    def __init__(self, *, hears: bool) -> None:
        self.hears = hears
        self.heard = 0

    def answer(self, method: str, path: str) -> dict[str, object] | None:
        if path == "/reference/node":
            return {"implementation": "reference node"}
        if path.startswith("/solr/product/select"):
            return {"responseHeader": {"QTime": 3}, "response": {"numFound": 42}}
        if not path.startswith("/reference/rows/check-of-app-1"):
            return None
        if method == "PUT":
            self.heard += self.hears
        return {"cached": True, "clearsHeard": self.heard}


def at_port(site: Site, port: int) -> Site:
    return changed(site, node=site.document.node.model_copy(update={"http_port": port}))


def test_a_clear_that_comes_back_is_timed(site: Site) -> None:
    with answering(Pages(hears=True)) as port:
        found = lines(cache_clear.look, at_port(site, port))["cacheClear.roundTrip"]
    assert found.verdict == "pass"
    assert found.figures["round_trip_ms"] > 0


def test_a_clear_that_never_comes_back_is_missed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_clear, "ROUND_TRIP_S", 0.3)
    with answering(Pages(hears=False)) as port:
        found = lines(cache_clear.look, at_port(site, port))["cacheClear.roundTrip"]
    assert found.verdict == "fail"


def test_the_erp_is_not_asked_for_pages_that_it_does_not_have(site: Site) -> None:
    found = lines(cache_clear.look, site)["cacheClear.roundTrip"]
    assert found.verdict == "skip"
    assert "only the reference node" in found.evidence


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"subscribed": True, "subscribedSince": 0, "sent": 7}, "pass"),
        ({"subscribed": True, "sent": 7, "received": 9, "notFollowed": 1}, "pass"),
        ({"subscribed": True, "sent": 7, "received": 9, "notFollowed": 9}, "fail"),
        ({"subscribed": False, "sent": 7}, "fail"),
        ({"subscribed": True, "at": 0}, "fail"),
        (None, "fail"),
    ],
)
def test_what_the_component_says_counts_while_it_is_fresh(
    site: Site, said: dict[str, object] | None, verdict: str
) -> None:
    if said is not None:
        site.paths.cache_clear_figures.write_text(json.dumps({"at": time.time(), **said}))
    found = lines(cache_clear.look, site)["cacheClear.subscribed"]
    assert found.verdict == verdict
    if verdict == "pass":
        assert found.figures.get("received", 9) == 9


SENDS = {
    "subscribed": True, "connected": True, "senders": 1, "senderAlive": True, "queueDepth": 0,
    "oldestWaitingS": 0, "fault": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("differs", "verdict", "evidence"),
    [
        ({}, "pass", "sends its clears"),
        ({"connected": False}, "pass", "sends its clears"),
        ({"connected": False, "queueDepth": 10001}, "fail", "do not go out"),
        ({"queueDepth": 3, "oldestWaitingS": 5}, "pass", "oldest waiting s 5"),
        ({"queueDepth": 3, "oldestWaitingS": 25}, "fail", "the oldest waits for 25 s"),
        ({"senderAlive": False}, "fail", "the thread that sends clears is not there"),
        ({"senders": 0, "senderAlive": False}, "fail", "the ERP made no sender"),
        ({"fault": "no <jms-service>", "senders": 0}, "fail", "no <jms-service> (queue depth 0"),
    ],
)
def test_a_node_that_does_not_send_is_seen(
    site: Site, differs: dict[str, object], verdict: str, evidence: str
) -> None:
    said = {"at": time.time(), **SENDS, **differs}
    site.paths.cache_clear_figures.write_text(json.dumps(said))
    found = lines(cache_clear.look, site)["cacheClear.sends"]
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found.evidence


def test_figures_of_an_older_component_say_whether_it_sends(site: Site) -> None:
    said = {"at": time.time(), "subscribed": True, "connected": False, "queueDepth": 1, "sent": 1}
    site.paths.cache_clear_figures.write_text(json.dumps(said))
    assert lines(cache_clear.look, site)["cacheClear.sends"].verdict == "fail"


def test_in_mode_stock_nobody_knows_who_is_subscribed(site: Site) -> None:
    stock = site.document.cache_clear.model_copy(update={"mode": "stock"})
    found = lines(cache_clear.look, changed(site, cache_clear=stock))["cacheClear.subscribed"]
    assert found.verdict == "skip"


def test_of_a_listener_of_the_trees_own_nobody_knows_whether_it_is_subscribed(site: Site) -> None:
    launch: dict[str, object] = {field.name: [] for field in fields(Launch)}
    site.paths.launch.write_text(json.dumps(launch | {"awaits_subscription": False}))
    found = lines(cache_clear.look, site)["cacheClear.subscribed"]
    assert (found.verdict, "own listener" in found.evidence) == ("skip", True)


def test_search_says_how_many_products_it_has(site: Site) -> None:
    with answering(Pages(hears=True)) as port:
        [found] = search.look(changed(site, search=Search(host="127.0.0.1", port=port)))
    assert (found.verdict, found.figures["products"]) == ("pass", 42)
    [away] = search.look(changed(site, search=Search(host="127.0.0.1", port=NOBODY)))
    assert away.verdict == "fail"
    [without] = search.look(site)
    assert without.verdict == "skip"


# Files and disk


@pytest.fixture
def volume() -> Iterator[Path]:
    """A folder on another file system than the tree."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def with_files_at(site: Site, folder: Path) -> Site:
    return changed(site, shared_files=SharedFiles(path=str(folder)))


def test_a_shared_folder_is_written_to_and_left_as_it_was(site: Site, volume: Path) -> None:
    [found] = shared_files.look(with_files_at(site, volume))
    assert found.verdict == "pass", found.evidence
    assert list(volume.iterdir()) == []


def test_a_folder_that_ends_with_the_container_is_no_shared_folder(
    site: Site, tmp_path: Path
) -> None:
    [found] = shared_files.look(with_files_at(site, tmp_path))
    assert found.verdict == "fail"
    assert "ends with it" in found.evidence


def test_a_missing_shared_folder_is_named(site: Site) -> None:
    [found] = shared_files.look(with_files_at(site, Path("/none/at/all")))
    assert found.verdict == "fail"
    assert "/none/at/all" in found.evidence


def test_a_search_server_needs_no_shared_files(site: Site) -> None:
    [found] = shared_files.look(in_role_search(site))
    assert found.verdict == "skip"


def test_a_full_disk_is_found_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LEAST_RUN_MIB", 1e9)
    found = lines(disk.look, site)
    assert (found["disk.runtime"].verdict, found["disk.run"].verdict) == ("pass", "fail")
    os.rmdir(site.paths.home / "runtime")
    assert lines(disk.look, site)["disk.runtime"].verdict == "fail"


# The node itself


def test_a_keeper_that_is_cut_off_is_said_in_its_own_words(site: Site) -> None:
    site.paths.membership.write_text(
        json.dumps({"at": time.time(), "state": "cut off", "runningJobs": 2, "sentence": "Alone."})
    )
    found = lines(node_itself.look, site)
    assert found["node.keeper"].verdict == "fail"
    assert "cut off, 2 jobs claimed: Alone." in found["node.keeper"].evidence
    assert found["node.serves"].verdict == "fail"


def test_the_table_is_aligned_and_says_what_to_do() -> None:
    report = InsideReport(
        cluster="test",
        instance_id="app-1",
        role="app",
        observed_at=1,
        results=(
            InsideResult(name="a.b", verdict="pass", evidence="seen", figures={}),
            InsideResult(
                name="long.name", verdict="fail", evidence="not", advice="Mend it.", figures={}
            ),
        ),
    )
    assert as_table(report).splitlines() == [
        "Node app-1 of cluster test",
        "",
        "ok     a.b        seen",
        "FAILS  long.name  not",
        "                  -> Mend it.",
        "",
        "1 of 2 as they must be, 1 not, 0 not tried.",
    ]
