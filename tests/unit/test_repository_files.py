"""What people look for beside the code: licences of what is shipped, and the checks of a change."""

import re
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from tests.support.java_artifacts import broker_jars, reference_node_home
from tests.unit.source_files import ROOT

PACKAGE = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)
VERSION = re.compile(r"-\d[\w.]*\.jar$")
BY_DIGEST = re.compile(r"^[\w-]+/[\w-]+@[0-9a-f]{40}$")
LEFT_OUT = {"setup", "engine", "goals-test"}
"""The first two belong to every command. Goals need a machine that does nothing else."""
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
COMMANDS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)


def named() -> list[str]:
    """Patterns of all packages and jars that NOTICE names."""
    lines = re.findall(r"^ {2}(\S.*?) {2,}\S", NOTICE, re.MULTILINE)
    return [name for line in lines for name in line.split(", ")]


def steps() -> list[dict[str, Any]]:
    return [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def words() -> set[str]:
    """Every word of `make` that the workflow runs."""
    matrix = WORKFLOW["jobs"]["without-docker"]["strategy"]["matrix"]["command"]
    runs = [step["run"] for step in steps() if step.get("run", "").startswith("make ")]
    said = {run.split()[1] for run in runs if "${{ matrix.command }}" not in run}
    return said | set(matrix)


def test_every_package_of_a_node_has_its_licence_in_the_notice() -> None:
    locked = (ROOT / "image" / "requirements.txt").read_text(encoding="utf-8")
    assert set(PACKAGE.findall(locked)) - set(named()) == set()


def test_every_jar_that_is_shipped_has_its_licence_in_the_notice() -> None:
    folders = broker_jars(), reference_node_home() / "lib"
    shipped = {VERSION.sub("", jar.name) for folder in folders for jar in folder.glob("*.jar")}
    assert shipped
    assert [jar for jar in sorted(shipped) if not any(fnmatch(jar, one) for one in named())] == []


def test_actions_are_pinned_by_digest_and_may_only_read() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [one for one in used if not BY_DIGEST.match(one)] == []
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in WORKFLOW["jobs"].values())


def test_the_workflow_runs_the_commands_of_this_project() -> None:
    assert words() <= COMMANDS


def test_the_workflow_runs_what_the_definition_of_green_runs() -> None:
    green = set(re.findall(r"make ([a-z-]+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8")))
    assert green - LEFT_OUT <= words()


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md"])
def test_the_pages_name_commands_and_files_that_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for line in re.findall(r"`make ([^`]+)`", text):
        asked = {word for word in line.split("<")[0].split() if "=" not in word}
        assert asked <= COMMANDS, line
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / link).exists(), link
