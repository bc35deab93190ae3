"""The loader's log is read for what its exit code does not say."""

import sys
from pathlib import Path

import pytest

from node.jvm import JavaCommands
from node.loader import JavaLoader, LoadResult
from node.log import Redaction
from node.standard_output import StandardOutput

GERMAN = "storniere Anfrage wegen Zeitüberschreitung einer Sperre"


class Prints(JavaCommands):
    """Commands of which the loader's prints one line of the ERP's log."""

    def __init__(self, line: str) -> None:
        self._line = line

    def loader(self, _system_properties: Path, *_arguments: str) -> tuple[str, ...]:
        program = "import sys; sys.stdout.buffer.write(sys.argv[1].encode() + b'\\n')"
        return (sys.executable, "-c", program, self._line)


def load(folder: Path, line: str, message: str | None) -> LoadResult:
    loader = JavaLoader(
        Prints(line),
        home=folder,
        system_properties=folder / "system.properties",
        output=StandardOutput(),
        redact=Redaction(),
    )
    return loader.load([], watch=lambda: None, lock_timeout_message=message)


@pytest.mark.parametrize("message", ["canceling statement due to lock timeout", GERMAN])
def test_a_lock_time_out_is_known_in_the_language_of_the_server(
    tmp_path: Path, message: str
) -> None:
    line = f"|main |DatabaseUtil |E| Error was: org.postgresql.util.PSQLException: ERROR: {message}"
    assert load(tmp_path, line, message).lock_timed_out
    assert not load(tmp_path, line, "another message").lock_timed_out
    assert not load(tmp_path, line, None).lock_timed_out
