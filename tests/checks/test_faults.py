"""Faults: what recovers, what does not, and that everything killed is started again."""

from pathlib import Path
from typing import Literal

import pytest

from checks.run import run_checks
from contract.check_report import CheckResult
from tests.checks.fake_cluster import Behaviour
from tests.checks.fake_containers import FakeContainers
from tests.checks.fake_servers import served
from tests.checks.test_checks import IMPATIENT


def try_fault(
    folder: Path,
    name: str,
    behaviour: Behaviour,
    *,
    nodes: int = 3,
    ill: tuple[str, ...] = (),
    implementation: Literal["reference", "scipio"] = "reference",
) -> tuple[CheckResult, list[str]]:
    """The one check's result, and what was done to containers."""
    with served(folder, behaviour, nodes=nodes) as found:
        containers = FakeContainers(found.cluster, ill=ill)
        report = run_checks(
            found.outputs.model_copy(update={"implementation": implementation}),
            faults=True,
            only=[name],
            no_skip=False,
            limits=IMPATIENT,
            containers=containers,
        )
    [result] = report.results
    return result, containers.done


def test_a_broker_that_takes_over_is_timed(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.broker", Behaviour())
    assert result.verdict == "pass"
    assert done == ["kill test-broker-1", "start test-broker-1"]
    assert result.figures["failed_writes"] == 2
    assert result.figures["lost_clears"] == 1
    assert 0 < result.figures["first_write_s"] <= result.figures["fresh_s"]
    assert "test-broker-1 was killed, test-broker-2 took over" in result.evidence


def test_a_broker_that_nobody_follows_is_evidence_and_started_again(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.broker", Behaviour(broker_takes_over=False))
    assert result.verdict == "fail"
    assert "no broker answers; rolled back" in result.evidence
    assert "the last line of test-broker-2" in result.evidence
    assert done == ["kill test-broker-1", "start test-broker-1"]


def test_a_killed_broker_that_does_not_wait_again_is_evidence(tmp_path: Path) -> None:
    result, _ = try_fault(tmp_path, "faults.broker", Behaviour(killed_broker_waits_again=False))
    assert result.verdict == "fail"
    assert "test-broker-1 waits as standby: not so 0.5 s after its start" in result.evidence


def test_on_an_erp_the_nodes_receive_from_each_other_again(tmp_path: Path) -> None:
    result, done = try_fault(
        tmp_path, "faults.broker", Behaviour(writes_failing_after_kill=5), implementation="scipio"
    )
    assert result.verdict == "pass", result.evidence
    assert result.figures.keys() == {"heard_s"}
    assert "every node received from all others again within" in result.evidence
    assert done == ["kill test-broker-1", "start test-broker-1"]


def test_an_erp_whose_nodes_stay_deaf_is_evidence(tmp_path: Path) -> None:
    result, done = try_fault(
        tmp_path, "faults.broker", Behaviour(broker_takes_over=False), implementation="scipio"
    )
    assert result.verdict == "fail"
    assert "had anything to send" in result.evidence
    assert done == ["kill test-broker-1", "start test-broker-1"]


def test_no_broker_is_killed_where_the_nodes_have_no_figures(tmp_path: Path) -> None:
    result, done = try_fault(
        tmp_path, "faults.broker", Behaviour(stock_listener=True), implementation="scipio"
    )
    assert (result.verdict, done) == ("skip", [])


def test_on_an_erp_too_visitors_move_and_others_keep_their_session(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.node", Behaviour(), implementation="scipio")
    assert result.verdict == "pass", result.evidence
    assert result.figures.keys() == {"moved_s", "back_s"}
    assert done == ["kill test-scipio-1", "start test-scipio-1"]
    lossy = Behaviour(node_loss_takes_all_sessions=True)
    result, _ = try_fault(tmp_path, "faults.node", lossy, implementation="scipio")
    assert result.verdict == "fail"
    assert "scipio-2 is at scipio-2, in a new session" in result.evidence


def test_on_an_erp_too_the_cluster_is_as_before(tmp_path: Path) -> None:
    result, _ = try_fault(tmp_path, "faults.mended", Behaviour(), implementation="scipio")
    assert (result.verdict, "received by all" in result.evidence) == ("pass", True), result.evidence
    deaf = Behaviour(receives_nothing_inside=("scipio-2",))
    result, _ = try_fault(tmp_path, "faults.mended", deaf, implementation="scipio")
    assert (result.verdict, "scipio-2 received 0" in result.evidence) == ("fail", True)


def test_a_killed_nodes_visitor_lands_on_another(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.node", Behaviour())
    assert result.verdict == "pass"
    assert done == ["kill test-scipio-1", "start test-scipio-1"]
    assert result.figures.keys() == {"moved_s", "back_s"}


def test_a_visitor_that_stays_with_the_dead_is_evidence(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.node", Behaviour(balancer_leaves_dead_node=False))
    assert result.verdict == "fail"
    assert "503" in result.evidence
    assert "the last line of test-balancer" in result.evidence
    assert done == ["kill test-scipio-1", "start test-scipio-1"]


def test_a_loss_that_takes_other_nodes_sessions_is_evidence(tmp_path: Path) -> None:
    result, _ = try_fault(tmp_path, "faults.node", Behaviour(node_loss_takes_all_sessions=True))
    assert result.verdict == "fail"
    assert "home=None" in result.evidence


def test_a_single_node_has_no_other_to_go_to(tmp_path: Path) -> None:
    result, done = try_fault(tmp_path, "faults.node", Behaviour(), nodes=1)
    assert (result.verdict, done) == ("skip", [])
    assert "no other" in result.evidence


def test_a_container_that_stays_ill_is_named(tmp_path: Path) -> None:
    result, _ = try_fault(tmp_path, "faults.mended", Behaviour(), ill=("test-database",))
    assert result.verdict == "fail"
    assert result.evidence.startswith("not healthy: test-database\n--- test-database, last lines")


def test_what_was_killed_is_started_again_when_a_check_is_interrupted(tmp_path: Path) -> None:
    class Interrupted(FakeContainers):
        def kill(self, name: str) -> None:
            super().kill(name)
            raise KeyboardInterrupt

    with served(tmp_path, Behaviour()) as found:
        containers = Interrupted(found.cluster)
        with pytest.raises(KeyboardInterrupt):
            run_checks(
                found.outputs,
                faults=True,
                only=["faults.node"],
                limits=IMPATIENT,
                containers=containers,
            )
    assert containers.done == ["kill test-scipio-1", "start test-scipio-1"]
