"""The agent over real processes: signals, exit codes, orphans, readiness, evidence."""

import os
import signal
from pathlib import Path

import pytest

from contract.health import HealthReport
from node.health_file import is_ready
from tests.node.supervised import SupervisedNode
from tests.support.server_process import wait_until


@pytest.mark.parametrize(
    "sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda sent: sent.name
)
def test_every_stop_signal_reaches_the_child_as_sigterm(
    tmp_path: Path, sent: signal.Signals
) -> None:
    """Whatever asks the node to stop, the JVM is asked with SIGTERM and its code is ours."""
    with SupervisedNode(tmp_path) as node:
        node.wait_for("ready")
        node.process.send(sent)
        assert node.exit_code() == 143
        assert node.output.count("got SIGTERM") == 1
        assert "got SIGINT" not in node.output
        assert "got SIGHUP" not in node.output


def test_sigquit_is_passed_on_and_stops_nothing(tmp_path: Path) -> None:
    """A thread dump can be asked for while the node runs, more than once."""
    with SupervisedNode(tmp_path) as node:
        node.wait_for("ready")
        node.process.send(signal.SIGQUIT)
        node.wait_for("got SIGQUIT")
        node.process.send(signal.SIGQUIT)
        node.wait_for("got SIGQUIT", times=2)
        assert node.process.exit_code is None


@pytest.mark.parametrize("code", [0, 1, 3, 99, 143, 255])
def test_the_exit_code_is_the_childs_own(tmp_path: Path, code: int) -> None:
    """The platform sees the JVM's code, not the agent's opinion of it."""
    with SupervisedNode(tmp_path, "--exit", str(code)) as node:
        assert node.exit_code() == code


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT", "SIGTERM"])
def test_a_child_that_a_signal_ended_gives_128_and_the_signal(tmp_path: Path, name: str) -> None:
    """As a shell says it, and as the kernel would have for PID 1."""
    with SupervisedNode(tmp_path, "--die-of", name) as node:
        assert node.exit_code() == 128 + signal.Signals[name]


def test_an_orphan_is_reaped(tmp_path: Path) -> None:
    """No process stays as a zombie below the agent."""
    with SupervisedNode(tmp_path, "--leave-orphan") as node:
        node.wait_for("ready")
        # The orphan is ours from the moment its shell ended until we collect it.
        wait_until("one child left", lambda: len(_children(node.process.pid)) == 1, within_s=10)


def test_a_stop_before_the_child_is_known_is_not_lost(tmp_path: Path) -> None:
    """SIGTERM while the preparation runs ends the node and no JVM is ever started."""
    with SupervisedNode(tmp_path, preparation=("--say", "preparing now")) as node:
        node.wait_for("preparing now")
        node.wait_for("ready")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert "starting the JVM" not in node.output


def test_a_preparation_that_does_not_obey_is_killed_by_the_second_order(tmp_path: Path) -> None:
    """The node's exit code says that it was stopped as ordered, whatever the preparation's is."""
    with SupervisedNode(tmp_path, preparation=("--deaf",)) as node:
        node.wait_for("ready")
        node.process.send(signal.SIGTERM)
        node.wait_for("got SIGTERM")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert "starting the JVM" not in node.output


def test_a_second_stop_order_ends_a_child_that_does_not_obey(tmp_path: Path) -> None:
    """Who asks twice does not want to wait for the limit."""
    with SupervisedNode(tmp_path, "--deaf", stop_timeout_s=600) as node:
        node.wait_for("ready")
        node.process.send(signal.SIGTERM)
        node.wait_for("got SIGTERM")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 137


def test_a_child_that_does_not_obey_in_time_is_killed(tmp_path: Path) -> None:
    """One limit covers the whole stop."""
    with SupervisedNode(tmp_path, "--deaf", stop_timeout_s=0.3) as node:
        node.wait_for("ready")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 137
        assert "did not end within 0.3 s" in node.output


def test_a_failed_preparation_is_the_end_with_its_exit_code(tmp_path: Path) -> None:
    """69 says unavailable, 78 says configuration: the platform gets it unchanged."""
    with SupervisedNode(tmp_path, preparation=("--exit", "69")) as node:
        assert node.exit_code() == 69
        assert "starting the JVM" not in node.output
        assert node.health["phase"] == "gone"


def test_ready_appears_while_the_node_serves_and_goes_when_it_does_not(tmp_path: Path) -> None:
    """Readiness is the JVM's answer, not its existence."""
    with SupervisedNode(tmp_path, serves=True) as node:
        node.wait_for_phase("serving")
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=10)
        report = HealthReport.model_validate(node.health)
        assert (report.instance_id, report.ready) == ("app-1", True)

        for pid in _children(node.process.pid):
            os.kill(pid, signal.SIGUSR1)  # tells the scripted child to answer 503
        wait_until("not ready", lambda: not node.ready_file.exists(), within_s=10)
        assert node.health["phase"] == "serving"
        assert node.process.exit_code is None


def test_a_node_is_ready_when_its_first_page_has_come(tmp_path: Path) -> None:
    """The page is asked for beside the loop; the limit of the boot is long over meanwhile."""
    with SupervisedNode(tmp_path, serves=True, warm_up_page="/slow-page", boot_timeout_s=5) as node:
        node.wait_for("waiting for its first page")
        node.wait_for("got the first page's request")
        assert node.health["phase"] == "starting"
        assert node.sign() == "down\n"
        for pid in _children(node.process.pid):
            os.kill(pid, signal.SIGUSR2)  # tells the scripted child to answer
        node.wait_for_phase("serving")
        assert "Warm-up: the first page took" in node.output
        assert node.output.count("got the first page's request") == 1


def test_a_node_whose_first_page_fails_serves_all_the_same(tmp_path: Path) -> None:
    """The scripted child answers 503 to a page that it does not know."""
    with SupervisedNode(tmp_path, serves=True, warm_up_page="/no-such-page") as node:
        node.wait_for_phase("serving")
        assert "(503)." in node.output


def test_a_stop_order_does_not_wait_for_the_first_page(tmp_path: Path) -> None:
    with SupervisedNode(tmp_path, serves=True, warm_up_page="/slow-page") as node:
        node.wait_for("got the first page's request")
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143


def test_ready_is_gone_after_a_stop(tmp_path: Path) -> None:
    """A stopped node never looks ready to whoever reads the file last."""
    with SupervisedNode(tmp_path, serves=True) as node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=10)
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert not node.ready_file.exists()
        assert HealthReport.model_validate(node.health).phase == "gone"


def test_a_jvm_that_lives_and_never_serves_is_ended_with_its_last_words(tmp_path: Path) -> None:
    """A missing jar leaves a living JVM without connectors: its output is the evidence."""
    with SupervisedNode(tmp_path, "--say", "NoInitialContextException", boot_timeout_s=0.5) as node:
        assert node.exit_code() == 70
        assert "did not serve within 0.5 s" in node.output
        assert node.output.index("last output") < node.output.index("got SIGQUIT")
        assert "last output: NoInitialContextException" in node.output


def test_an_unfinished_line_is_passed_on_and_ended(tmp_path: Path) -> None:
    """The last words of a crash often lack their newline."""
    with SupervisedNode(tmp_path, "--unfinished-line", "--exit", "5") as node:
        assert node.exit_code() == 5
        assert "no newline at the end\n" in node.output


def test_what_the_child_left_behind_neither_blocks_the_end_nor_stays(tmp_path: Path) -> None:
    """A grandchild that holds the output pipe is killed with the session."""
    with SupervisedNode(tmp_path, "--keep-pipe-open", "--exit", "4") as node:
        assert node.exit_code() == 4


def test_a_java_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    """A broken image is a sentence and exit code 78, not a traceback."""
    with SupervisedNode(tmp_path, command=("/no/such/java",)) as node:
        assert node.exit_code() == 78
        assert "/no/such/java: cannot be started" in node.output
        assert "Traceback" not in node.output


@pytest.mark.parametrize("identity", ["", "a" * 21, "-x", "a b"])
def test_a_bad_instance_id_is_refused_before_anything_starts(tmp_path: Path, identity: str) -> None:
    """The message says what was given and what is allowed."""
    with SupervisedNode(tmp_path, environment={"SCIPIO_INSTANCE_ID": identity}) as node:
        assert node.exit_code() == 78
        assert "SCIPIO_INSTANCE_ID" in node.output
        assert repr(identity) in node.output
        assert "ready" not in node.output


def test_a_run_folder_that_cannot_be_made_is_one_message(tmp_path: Path) -> None:
    """A file in the folder's place, as a wrong mount would be."""
    (tmp_path / "file").touch()
    wrong = {"SCIPIO_RUN_FOLDER": str(tmp_path / "file" / "run")}
    with SupervisedNode(tmp_path, environment=wrong) as node:
        assert node.exit_code() == 78
        assert "the folder cannot be made: File exists" in node.output
        assert "Traceback" not in node.output


def test_a_health_report_that_cannot_be_written_does_not_end_the_node(tmp_path: Path) -> None:
    """The report ages and the platform acts on that; the JVM lives."""
    with SupervisedNode(tmp_path) as node:
        node.wait_for("ready")
        (node.run_folder / "health.json").unlink()
        (node.run_folder / "health.json").mkdir()
        node.wait_for("the health report cannot be written")
        assert node.process.exit_code is None
        (node.run_folder / "health.json").rmdir()
        node.wait_for_phase("starting")


def test_memory_of_pid_1_stays_small_beside_the_jvm(tmp_path: Path) -> None:
    """Nothing heavy is imported; with 18 MiB in use, this leaves room for an unlucky allocator."""
    with SupervisedNode(tmp_path, serves=True) as node:
        node.wait_for_phase("serving")
        assert _resident_mib(node.process.pid) < 30


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
