"""One line for each thing: a sentence for people, fields for machines."""

import json
import os
from collections.abc import Callable

import pytest

from node.log import Log, Redaction
from node.standard_output import ChildOutput, StandardOutput

Written = Callable[[], str]


@pytest.fixture
def pipe() -> tuple[StandardOutput, Written]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    return StandardOutput(writer), lambda: os.read(reader, 1_000_000).decode()


def test_a_line_of_text_has_time_node_sentence_and_fields(
    pipe: tuple[StandardOutput, Written],
) -> None:
    output, written = pipe
    Log(output, instance_id="app-1", as_json=False, redact=Redaction()).warning("Look.", port=8081)
    time, rest = written().split(" ", 1)
    assert time.endswith("Z")
    assert rest == "[node app-1] warning: Look. | port=8081\n"


def test_a_line_of_json_is_one_object(pipe: tuple[StandardOutput, Written]) -> None:
    """Also when the sentence holds a newline."""
    output, written = pipe
    Log(output, instance_id="app-1", as_json=True, redact=Redaction()).error("a\nb", exit=78)
    line = written()
    assert line.count("\n") == 1
    plain = json.loads(line)
    assert (plain["level"], plain["node"], plain["sentence"], plain["exit"]) == (
        "error",
        "app-1",
        "a\nb",
        "78",
    )


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_hidden_in_sentences_and_fields(
    pipe: tuple[StandardOutput, Written], as_json: bool
) -> None:
    output, written = pipe
    redact = Redaction()
    redact.hide(['quo"ted-secret'])
    log = Log(output, instance_id="app-1", as_json=as_json, redact=redact)
    log.info('it is quo"ted-secret', value='quo"ted-secret')
    line = written()
    assert line.count("[secret]") == 2
    assert "ted-secret" not in line


def test_nobody_reading_does_not_end_the_writer() -> None:
    """A lost log reader must not stop a node."""
    reader, writer = os.pipe()
    os.close(reader)
    StandardOutput(writer).write(b"into the void\n")
    os.close(writer)


def test_a_child_that_says_too_much_in_one_line_is_passed_on_in_pieces(
    pipe: tuple[StandardOutput, Written],
) -> None:
    """No line of a child is ever held in memory whole."""
    reader, writer = os.pipe()
    child = ChildOutput(StandardOutput(os.open(os.devnull, os.O_WRONLY)))
    child.follow(reader)
    with open(writer, "wb") as said:
        said.write(b"x" * 200_000 + b"\nlast\n")
    child.finish(10)
    lines = child.last_lines()
    assert lines[-1] == "last"
    assert max(map(len, lines)) <= 65_536
    assert sum(line.count("x") for line in lines) == 200_000


def test_only_the_last_lines_are_kept(pipe: tuple[StandardOutput, Written]) -> None:
    reader, writer = os.pipe()
    output, written = pipe
    child = ChildOutput(output)
    child.follow(reader)
    with open(writer, "wb") as said:
        said.writelines(f"line {number}\n".encode() for number in range(200))
    child.finish(10)
    assert child.last_lines()[0] == "line 150"
    assert len(child.last_lines()) == 50
    assert written().count("\n") == 200
