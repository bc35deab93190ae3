"""What a machine does to a command is one sentence with what to do; a fault of ours a traceback."""

import errno
import os
import shlex
import subprocess
import sys
import urllib.error
from collections.abc import Callable
from pathlib import Path

import docker.errors
import grpc
import httpx
import pytest
import requests
import urllib3.exceptions
from pulumi.automation._cmd import CommandResult
from pulumi.automation.errors import create_command_error

from automation.__main__ import INTERRUPTED, main
from automation.errors import MachineError
from automation.machine_errors import sentence_for
from automation.paths import ROOT


def raises(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def refused(error: BaseException, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(raises(error))
    assert ended.value.code == MachineError.exit_code
    return capsys.readouterr().err


OF_THE_MACHINE = [
    PermissionError(errno.EACCES, "Permission denied", str(ROOT / ".cache" / "locks")),
    FileExistsError(errno.EEXIST, "File exists", "/a"),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EROFS, "Read-only file system", str(ROOT / ".state")),
    OSError(errno.EMFILE, "Too many open files"),
    BrokenPipeError(errno.EPIPE, "Broken pipe"),
    UnicodeEncodeError("latin-1", "…", 0, 1, "ordinal not in range(256)"),
    UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "invalid continuation byte"),
    docker.errors.APIError("500 Server Error: no space left on device"),
    docker.errors.DockerException("engine gone"),
    requests.ConnectionError("Remote end closed connection"),
    requests.exceptions.ReadTimeout("UnixHTTPConnectionPool: Read timed out."),
    urllib3.exceptions.ProtocolError("Connection broken"),
    httpx.ConnectError("All connection attempts failed"),
    urllib.error.URLError("Name or service not known"),
    grpc.RpcError("engine gone"),
    subprocess.CalledProcessError(1, ["docker", "import"], stderr=b"no such host"),
    create_command_error(CommandResult(stdout="", stderr="error: lost", code=255)),
]


@pytest.mark.parametrize("error", OF_THE_MACHINE, ids=lambda error: type(error).__name__)
def test_no_traceback_for_what_the_machine_does(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(error, capsys)
    assert "Traceback" not in said
    assert any(advice in said for advice in ("again", "mends it", "run the command", "chown"))


def test_a_fault_of_this_project_keeps_its_traceback() -> None:
    with pytest.raises(KeyError):
        main(raises(KeyError("nodes")))


def test_an_interrupt_ends_with_its_own_code() -> None:
    with pytest.raises(SystemExit) as ended:
        main(raises(KeyboardInterrupt()))
    assert ended.value.code == INTERRUPTED


def test_a_permission_names_the_owner_and_the_way_to_take_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Run once as root, then as another user."""
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    said = sentence_for(PermissionError(errno.EACCES, "Permission denied", str(ROOT / ".cache/x")))
    assert said is not None
    assert f"{ROOT / '.cache'}" in said
    assert f"belongs to {(ROOT / '.cache').owner()}, and you are nobody" in said
    assert f"sudo chown -R nobody {shlex.quote(str(ROOT))}`" in said


def test_a_full_disk_says_how_much_is_left(tmp_path: Path) -> None:
    said = sentence_for(OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "a" / "b")))
    assert said is not None
    assert f"MB are left at {tmp_path}" in said


def test_of_a_copy_the_place_it_went_to_is_named(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left", "/from/here", None, str(tmp_path / "there"))
    assert str(sentence_for(error)).startswith(f"{tmp_path / 'there'}: No space left.")


def test_a_program_that_failed_is_named_with_its_last_words() -> None:
    said = sentence_for(subprocess.CalledProcessError(1, ["docker"], stderr=b"a\nno such host\n"))
    assert said is not None
    assert "docker" in said
    assert "no such host" in said


SPEAKER = """
from automation.__main__ import main
from automation.console import say

def command():
    say("Pulling debian … ✓ größe")
    raise PermissionError(13, "Permission denied – größe", "/größe/…")

main(command)
"""


@pytest.mark.parametrize("characters", ["latin-1", "ascii", "ascii:strict", "cp1252", "utf-8"])
def test_every_terminal_gets_the_sentence(characters: str) -> None:
    """A terminal of Latin-1, or a locale C: what cannot be shown is a `?`."""
    spoken = subprocess.run(
        [sys.executable, "-c", SPEAKER],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": characters},
        check=False,
    )
    assert spoken.returncode == MachineError.exit_code
    assert b"Pulling debian" in spoken.stdout
    assert b"Traceback" not in spoken.stderr
    if characters != "utf-8":
        assert b"?" in spoken.stdout


@pytest.mark.parametrize("command", [["-m", "checks"], ["-m", "node", "check-document"]])
@pytest.mark.parametrize("characters", ["latin-1", "ascii"])
def test_checks_and_node_speak_there_too(
    command: list[str], characters: str, tmp_path: Path
) -> None:
    file = tmp_path / "größe….json"
    file.write_text("{", encoding="utf-8")
    option = ["--outputs"] if command[1] == "checks" else []
    spoken = subprocess.run(
        [sys.executable, *command, *option, str(file)],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": characters},
        check=False,
    )
    assert spoken.returncode in {2, 78}
    assert b"Traceback" not in spoken.stderr
    assert b".json" in spoken.stderr
