"""Each promise holds on a cluster that keeps it, and is broken, with its evidence, on one that
does not: so every check is known to be able to fail."""

from pathlib import Path

import pytest

from checks.cluster import Limits
from checks.run import CHECKS, run_checks
from contract.check_report import CheckReport, CheckResult
from tests.checks.fake_cluster import Behaviour
from tests.checks.fake_containers import FakeContainers
from tests.checks.fake_servers import served

IMPATIENT = Limits(
    answer_s=3,
    subscribed_s=0.3,
    fresh_s=0.3,
    figures_s=0.01,
    clear_lost_s=0.2,
    recovery_s=1.5,
    mended_s=0.5,
)


def report_on(
    folder: Path, behaviour: Behaviour, *, faults: bool = False, ill: tuple[str, ...] = ()
) -> CheckReport:
    """What a run says of a cluster that behaves so."""
    with served(folder, behaviour) as found:
        return run_checks(
            found.outputs,
            faults=faults,
            no_skip=True,
            limits=IMPATIENT,
            containers=FakeContainers(found.cluster, ill=ill),
        )


def broken(report: CheckReport) -> dict[str, CheckResult]:
    return {result.name: result for result in report.results if result.verdict == "fail"}


def test_every_promise_holds_on_a_good_cluster(tmp_path: Path) -> None:
    report = report_on(tmp_path, Behaviour(), faults=True)
    assert broken(report) == {}
    assert [result.name for result in report.results] == [check.name for check in CHECKS]
    assert report.passed


def test_a_run_without_faults_kills_nothing(tmp_path: Path) -> None:
    with served(tmp_path, Behaviour()) as found:
        containers = FakeContainers(found.cluster)
        report = run_checks(found.outputs, faults=False, limits=IMPATIENT, containers=containers)
    assert report.passed
    assert containers.done == []


def test_drained_nodes_and_the_search_node_are_looked_at_from_inside_too(tmp_path: Path) -> None:
    """They have a row in the table of heartbeats and receive clears, though no visitor comes."""
    with served(tmp_path, Behaviour()) as cluster:
        first, second, third = cluster.outputs.nodes
        outputs = cluster.outputs.model_copy(
            update={"nodes": (first,), "drained_nodes": (second,), "search_node": third}
        )
        report = run_checks(
            outputs,
            faults=False,
            only=["inside.nodes", "inside.subscribers"],
            containers=FakeContainers(cluster.cluster),
        )
    assert [result.verdict for result in report.results] == ["pass", "pass"]
    assert "scipio-3: " in report.results[0].evidence
    assert report.results[1].figures == {"subscribed": 3}


def test_figures_of_cache_clears_have_their_unit_in_the_name(tmp_path: Path) -> None:
    with served(tmp_path, Behaviour(clears_late_s=0.05)) as found:
        report = run_checks(found.outputs, faults=False, only=["cache_clear"], limits=IMPATIENT)
    [result] = report.results
    assert result.verdict == "pass"
    assert 50 <= result.figures["median_ms"] <= result.figures["p99_ms"] <= result.figures["max_ms"]


def report_on_an_erp(folder: Path, behaviour: Behaviour, *only: str) -> dict[str, CheckResult]:
    """What a run says where no node has the reference node's pages."""
    with served(folder, behaviour) as found:
        report = run_checks(
            found.outputs.model_copy(update={"implementation": "scipio"}),
            faults=False,
            only=only,
            no_skip=False,
            limits=IMPATIENT,
            containers=FakeContainers(found.cluster),
        )
    return {result.name: result for result in report.results}


ON_ANY_ERP = (
    "nodes.reached",
    "sessions.sticky",
    "sessions.spread",
    "sessions.kept",
    "inside.heard",
)


def test_an_erp_is_tried_by_what_its_cookies_and_figures_say(tmp_path: Path) -> None:
    """A session's id names its node, and a new visitor is a row that nodes tell each other."""
    results = report_on_an_erp(tmp_path, Behaviour())
    assert {results[name].verdict for name in ON_ANY_ERP} == {"pass"}
    assert results["inside.heard"].figures == {"told": 3}
    assert {result.verdict for result in results.values()} == {"pass", "skip"}


@pytest.mark.parametrize(
    ("behaviour", "name", "verdict", "evidence"),
    [
        (Behaviour(sticky=False), "sessions.sticky", "fail", "scipio-2 7×"),
        (Behaviour(sticky=False), "sessions.kept", "fail", "scipio-2 is at scipio-3, in a new"),
        (Behaviour(forgets_sessions=True), "sessions.kept", "fail", "in a new session"),
        (Behaviour(remembers_visitors=False), "sessions.kept", "skip", "no Scipio.Visitor"),
        (Behaviour(only_node="scipio-3"), "sessions.spread", "fail", "scipio-3 12×"),
        (Behaviour(only_node="scipio-3"), "nodes.reached", "fail", "reached scipio-3; the"),
        (Behaviour(answers_as={"scipio-2": "x"}), "nodes.reached", "fail", "scipio-3, x; the"),
        (
            Behaviour(receives_nothing_inside=("scipio-2",)),
            "inside.heard",
            "fail",
            "scipio-2 received 0",
        ),
        (Behaviour(sends_nothing_inside=("scipio-2",)), "inside.heard", "fail", "scipio-2 sent no"),
        (Behaviour(remembers_visitors=False), "inside.heard", "skip", "had anything to send"),
        (Behaviour(sessions_name_their_node=False), "nodes.reached", "skip", "no `jvm-route`"),
    ],
)
def test_an_erp_too_can_break_a_promise(
    tmp_path: Path, behaviour: Behaviour, name: str, verdict: str, evidence: str
) -> None:
    result = report_on_an_erp(tmp_path, behaviour, name)[name]
    assert (result.verdict, evidence in result.evidence) == (verdict, True), result.evidence


def _only_text(value: object) -> str:
    return value if isinstance(value, str) else ""


ROUTING = {"routing.blocked", "routing.evasions", "routing.views"}

BAD_WAYS = [
    ("days", Behaviour(certificate_days=1), {"tls.verified"}),
    ("302", Behaviour(redirect_status=302), {"tls.redirect"}),
    ("location must be", Behaviour(redirect_drops_query=True), {"tls.redirect"}),
    ("not HAProxy's JSON", Behaviour(statistics_are_html=True), {"nodes.healthy"}),
    ("scipio-2 does not receive from", Behaviour(deaf=("scipio-2",)), {"nodes.subscribed"}),
    ("not the same broker", Behaviour(at_other_broker=("scipio-3",)), {"nodes.subscribed"}),
    ("home=None", Behaviour(forgets_sessions=True), {"sessions.kept"}),
    ("a new visitor read colour=", Behaviour(shares_sessions=True), {"sessions.private"}),
    (
        "SCIPIO_NODE lacks httponly",
        Behaviour(balancer_cookie_flags="Secure"),
        {"sessions.cookies"},
    ),
    (
        "JSESSIONID lacks secure",
        Behaviour(session_cookie_flags="HttpOnly"),
        {"sessions.cookies"},
    ),
    ("every probe would make", Behaviour(health_makes_session=True), {"routing.health"}),
    ("must redirect to", Behaviour(root_leads_to="/shop/"), {"routing.root"}),
    (
        "must redirect to",
        Behaviour(root_leads_to="https://elsewhere/admin/control/main"),
        {"routing.root"},
    ),
    ("first page must answer 200", Behaviour(first_page_status=500), {"routing.root"}),
    ("were not refused:", Behaviour(blocks=False), ROUTING),
    (
        "GET //",
        Behaviour(blocks_only_as_written=True),
        {"routing.evasions", "routing.views"},
    ),
    (
        "/admin/control/showDateTime/viewdatafile: 200",
        Behaviour(shows_views=True),
        {"routing.views"},
    ),
    ("set-cookie: SCIPIO_NODE", Behaviour(node_refuses_instead=True), ROUTING),
    ("scipio-2 still serves", Behaviour(stale=("scipio-2",)), {"cache_clear.fresh"}),
    ("still serves", Behaviour(clears_late_s=2), {"cache_clear.fresh"}),
    ("does not keep row", Behaviour(caches=False), {"cache_clear.fresh"}),
    (
        "scipio-2 disk.run: disk.run seen\n  -> mend disk.run",
        Behaviour(ill_inside=("scipio-2",)),
        {"inside.nodes"},
    ),
    (
        "2 receive clears (scipio-1, scipio-3), 3 live",
        Behaviour(deaf_inside=("scipio-2",)),
        {"inside.subscribers"},
    ),
    (
        "3 receive clears (scipio-1, scipio-2, scipio-3), 2 live",
        Behaviour(unregistered=("scipio-2",)),
        {"inside.subscribers"},
    ),
    (
        "printed no report, but 'Segmentation fault'\n--- test-scipio-2, last lines\nthe last line",
        Behaviour(silent_inside=("scipio-2",)),
        {"inside.nodes", "inside.subscribers"},
    ),
    (
        "3 clears were sent; scipio-1 received 3, scipio-2 received 0, scipio-3 received 3, 0.3 s",
        Behaviour(receives_nothing_inside=("scipio-2",)),
        {"inside.heard"},
    ),
    (
        "scipio-2 sent nothing within",
        Behaviour(sends_nothing_inside=("scipio-2",)),
        {"inside.heard"},
    ),
    (
        "after 3 were sent; scipio-1 received 0 of the 1 of scipio-2; scipio-2 received 0 of the 1",
        Behaviour(loses_what_it_sends=("scipio-2",)),
        {"inside.heard"},
    ),
    (
        "not followed: 3 at scipio-2, whose log",
        Behaviour(follows_nothing_inside=("scipio-2",)),
        {"inside.heard"},
    ),
    (
        "scipio-2 does not say what it sent and received",
        Behaviour(of_an_older_image=("scipio-2",)),
        {"inside.heard"},
    ),
    (
        "mode stock",
        Behaviour(stock_listener=True),
        {"inside.subscribers", "inside.heard"},
    ),
]
"""What the evidence says, how the cluster behaves, and exactly which promises break by it."""


@pytest.mark.parametrize(("evidence", "behaviour", "breaks"), BAD_WAYS, ids=_only_text)
def test_a_bad_way_breaks_exactly_its_promises(
    tmp_path: Path, evidence: str, behaviour: Behaviour, breaks: set[str]
) -> None:
    failed = broken(report_on(tmp_path, behaviour))
    assert failed.keys() == breaks
    for result in failed.values():
        assert evidence in result.evidence


def test_a_node_that_is_down_is_missed_by_balancer_and_visitors(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(down=("scipio-2",))))
    assert {"nodes.healthy", "nodes.reached", "sessions.spread"} <= failed.keys()
    assert "2 of 3 nodes are up" in failed["nodes.healthy"].evidence
    assert "nodes/node2 DOWN" in failed["nodes.healthy"].evidence
    assert "reached scipio-1, scipio-3" in failed["nodes.reached"].evidence


def test_two_nodes_of_one_name_are_found_out(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(answers_as={"scipio-2": "scipio-1"})))
    assert "reached scipio-1, scipio-3" in failed["nodes.reached"].evidence


def test_a_node_of_a_name_that_the_stack_does_not_know_is_found_out(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(answers_as={"scipio-2": "stranger"})))
    assert "stranger" in failed["nodes.reached"].evidence


def test_visitors_that_wander_are_found_out(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(sticky=False)))
    assert {"sessions.sticky", "sessions.kept"} <= failed.keys()
    assert "scipio-2 7×" in failed["sessions.sticky"].evidence


def test_visitors_that_all_go_to_one_node_are_found_out(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(only_node="scipio-3")))
    assert "reached scipio-1, scipio-2: scipio-3 12×" in failed["sessions.spread"].evidence


def test_a_certificate_of_another_authority_breaks_all_that_needs_tls(tmp_path: Path) -> None:
    report = report_on(tmp_path, Behaviour(foreign_authority=True))
    held = {result.name for result in report.results if result.verdict == "pass"}
    by_other_ways = {"nodes.healthy", "nodes.named", "inside.nodes", "inside.subscribers"}
    assert held == {"tls.redirect", *by_other_ways}
    assert "certificate" in broken(report)["tls.verified"].evidence


def test_pages_that_are_no_reference_pages_are_quoted(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(pages_are_html=True)))
    assert "<html>not what you think</html>" in failed["nodes.reached"].evidence
    assert "NodePage" in failed["nodes.reached"].evidence


def test_evidence_never_has_the_value_of_a_cookie(tmp_path: Path) -> None:
    failed = broken(report_on(tmp_path, Behaviour(session_cookie_flags="HttpOnly")))
    assert "JSESSIONID=…; Path=/" in failed["sessions.cookies"].evidence
