"""From a stack's configuration to the program's end, good or bad."""

import json
import runpy
from pathlib import Path

import pulumi
import pytest

from components.program import program
from tests.components.conftest import LOCAL
from tests.support.recorder import Recording, record

ROOT = Path(__file__).resolve().parents[2]


def node_names(recording: Recording) -> list[str]:
    names = [each.name for each in recording.of_type("Container")]
    return [name for name in names if name.startswith("node-")]


def test_main_declares_the_same_cluster(local: Recording) -> None:
    """`pulumi up` of a person and the inline program are one program."""

    def main() -> None:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")

    recording = record(main, stack="local", config=LOCAL)

    assert {each.urn for each in recording} == {each.urn for each in local}


def test_a_section_of_the_stack_file_reaches_the_cluster() -> None:
    """It arrives as JSON text, as the engine hands it over."""
    recording = record(program, config={**LOCAL, "scipio:nodes": {"count": 1}})

    assert node_names(recording) == ["node-scipio-1"]


def test_the_environment_of_an_ordinary_language_host_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It hands the configuration over in a variable."""
    given = {"scipio:profile": "local", "scipio:nodes": json.dumps({"count": 1})}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(given))

    assert node_names(record(program)) == ["node-scipio-1"]


def test_an_override_wins_and_leaves_the_other_keys_of_its_section() -> None:
    """`--set nodes.count=1` says nothing about the heap."""
    config = {"scipio:profile": "local", "scipio:nodes": {"count": 2, "heapMib": 192}}

    recording = record(lambda: program({"nodes": {"count": 1}}), config=config)

    node = recording.named("Container", "node-scipio-1")
    assert node_names(recording) == [node.name]
    assert '"heapMib": 192' in node.inputs["uploads"][0]["content"]


def test_faults_in_the_settings_end_the_program_before_anything_is_registered() -> None:
    """All of them in one message, which the engine prints without a traceback."""
    config = {"scipio:profile": "local", "scipio:nodes": {"cuont": 3, "heapMib": "big"}}

    with pytest.raises(pulumi.RunError) as refused:
        record(program, config=config)

    assert "scipio:nodes.cuont" in str(refused.value)
    assert "scipio:nodes.heapMib" in str(refused.value)
    assert "stack local" in str(refused.value)


@pytest.mark.parametrize("stack", ["Local", "my_stack", "a" * 31])
def test_a_stack_whose_name_cannot_name_a_cluster_is_refused(stack: str) -> None:
    """Names of networks, containers and volumes are made from it."""
    with pytest.raises(pulumi.RunError, match="the stack's name"):
        record(program, stack=stack, config=LOCAL)


def test_the_cluster_has_a_name_that_tells_it_from_other_stacks(local: Recording) -> None:
    """Its label finds what is left of it."""
    assert local.exports.values["cluster"]["cluster"] == "scipio-local"


def test_a_stack_on_aws_without_an_account_is_refused() -> None:
    """The profile decides the platform; before anything is made, all that it misses is said."""
    with pytest.raises(pulumi.RunError, match=r"scipio:aws\.allowedAccountIds"):
        record(program, config={"scipio:profile": "prod"})
