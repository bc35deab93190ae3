"""A fork that fails once ends nothing: PID 1 goes on, the JVM serves, the start is tried again."""

import errno
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from node.balancer_sign import Sign
from node.child import Child
from node.errors import ConfigurationError, NotNowError
from node.health_file import is_ready
from node.standard_output import ChildOutput, StandardOutput
from tests.node.supervised import PROJECT, SupervisedNode
from tests.support.server_process import wait_until

SHORT = """
import errno, os, subprocess
from pathlib import Path
real = subprocess.Popen
def popen(command, *arguments, **options):
    wanted = Path(os.environ["SHORT"])
    if wanted.exists() and wanted.read_text() in command:
        wanted.unlink()
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return real(command, *arguments, **options)
subprocess.Popen = popen
"""
"""As a `sitecustomize`: the start of a command that holds the words of the file fails once."""


@pytest.fixture
def short(tmp_path: Path) -> dict[str, str]:
    """The environment of an agent whose starts can be made to fail."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SHORT)
    return {"PYTHONPATH": f"{folder}:{PROJECT}", "SHORT": str(tmp_path / "short")}


def fail_next(short: dict[str, str], word: str) -> None:
    Path(short["SHORT"]).write_text(word)


def test_a_companion_that_cannot_be_started_once_costs_nothing(
    tmp_path: Path, short: dict[str, str]
) -> None:
    with SupervisedNode(tmp_path, serves=True, companion=(), environment=short) as node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=15)
        jvm, companion = _children(node)
        fail_next(short, str(node.run_folder))
        os.kill(companion, signal.SIGKILL)
        node.wait_for("Resource temporarily unavailable. This machine or container is short of")
        node.wait_for("companion: begins", times=2)
        assert _children(node)[0] == jvm
        assert node.sign() == f"{Sign.UP}\n"
        node.process.send(signal.SIGTERM)
        assert node.exit_code() == 143
        assert "companion: hands back" in node.output


@pytest.mark.parametrize("word", ["--say", "scripted_companion.py", "--port"])
def test_each_start_is_tried_again(tmp_path: Path, short: dict[str, str], word: str) -> None:
    """Preparation, companion, JVM."""
    preparation = ("--exit", "0", "--say", "prepared")
    node = SupervisedNode(
        tmp_path, serves=True, preparation=preparation, companion=(), environment=short
    )
    if word == "scripted_companion.py":
        word = str(Path(__file__).with_name(word))
    fail_next(short, word)
    with node:
        wait_until("ready", lambda: is_ready(node.run_folder), within_s=15)
        assert node.output.count("It is tried again.") == 1
        assert node.output.count("prepared\n") == 1


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE])
def test_a_shortage_passes_and_a_missing_command_does_not(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with pytest.raises(ConfigurationError, match="The image must carry it"):
        Child(("/no/such/command",), output=None)

    def short_of(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("node.child.subprocess.Popen", short_of)
    with pytest.raises(NotNowError, match=r"java: cannot be started in .*: .*short of processes"):
        Child(("java",), output=None)


def test_a_child_whose_output_cannot_be_followed_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody would empty its pipe."""

    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    mark = tmp_path / "pid"
    command = f"open({str(mark)!r}, 'w').write(str(__import__('os').getpid())); input()"
    with pytest.raises(NotNowError, match="output cannot be followed: can't start new thread"):
        Child((sys.executable, "-c", command), output=ChildOutput(StandardOutput()))
    pid, status = os.wait()
    assert (pid > 0, os.waitstatus_to_exitcode(status)) == (True, -signal.SIGKILL)


def _children(node: SupervisedNode) -> tuple[int, int]:
    """The JVM, the companion."""
    pid = node.process.pid
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    companions = [
        child
        for child in found
        if b"scripted_companion" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    [jvm] = set(found) - set(companions)
    return int(jvm), int(companions[0])
