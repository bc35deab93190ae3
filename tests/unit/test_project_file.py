"""Pulumi finds the project, its stacks and its environment where the program expects them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from settings.config_keys import PROJECT
from settings.stack_file import STACK_FOLDER

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_the_projects_name_is_the_prefix_of_every_setting(project: dict[str, Any]) -> None:
    assert project["name"] == PROJECT


def test_stack_files_live_where_the_commands_look_for_them(project: dict[str, Any]) -> None:
    assert project["stackConfigDir"] == STACK_FOLDER
    assert (ROOT / STACK_FOLDER).is_dir()


def test_pulumi_runs_the_program_in_the_projects_environment(project: dict[str, Any]) -> None:
    assert project["runtime"] == {
        "name": "python",
        "options": {"toolchain": "pip", "virtualenv": ".venv"},
    }
    assert (ROOT / "__main__.py").is_file()


def test_the_description_is_one_short_line(project: dict[str, Any]) -> None:
    """Pulumi prints it in lists of stacks and templates."""
    assert 0 < len(project["description"]) <= 100
