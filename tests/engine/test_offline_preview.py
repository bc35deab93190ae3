"""A preview without an account of AWS: it shows everything and can make nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_aws import ec2

from account.needs import needs
from automation import offline_preview
from automation.loopback import reach_directly
from automation.paths import ROOT
from automation.planned import planned
from tests.account.stacks import aws_settings, recorded_plan
from tests.engine.engine_stack import EngineStack

pytestmark = pytest.mark.engine


@pytest.fixture
def offline(tmp_path: Path, pulumi_cli: Path, monkeypatch: pytest.MonkeyPatch) -> EngineStack:
    """A stack whose engine finds what `make preview` puts in its way; no credentials are there."""
    monkeypatch.setattr(offline_preview, "FOLDER", tmp_path / "launchers")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    folders = [str(offline_preview.ensure()), str(pulumi_cli.parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    return EngineStack(tmp_path, project="scipio")


def network() -> None:
    ec2.Vpc("network", cidr_block="10.42.0.0/16")


def test_it_previews_and_refuses_to_make_anything(offline: EngineStack) -> None:
    assert offline.preview(network).steps == {"network": ["create"]}
    refused = offline.up(network)
    assert refused.said("a double of AWS for previews: nothing can be made, changed or deleted")
    assert [each["type"] for each in offline.exported() if each["type"].startswith("aws:")] == []


PROXIES = ["http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"]


@pytest.mark.parametrize("proxy", PROXIES)
def test_it_previews_behind_a_proxy(
    proxy: str, offline: EngineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing listens where the proxy is said to be; the user's own exclusion stays."""
    monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", ".corp")
    # Set here so that it is unset again afterwards.
    monkeypatch.setenv("NO_PROXY", ".corp")
    reach_directly(os.environ)
    assert offline.preview(network).steps == {"network": ["create"]}


def test_the_plan_is_what_the_program_registers(pulumi_cli: Path) -> None:
    """With the component of each resource, which the engine says by its URN alone."""
    plan, recorded = planned("dev"), recorded_plan("dev")
    known = {(each.type, each.name, each.component) for each in plan}
    assert known == {(each.type, each.name, each.component) for each in recorded}
    assert needs(plan, aws_settings("dev")) == needs(recorded, aws_settings("dev"))


def test_two_previews_at_once_end_as_each_alone(pulumi_cli: Path) -> None:
    """As a CI matrix runs them, in one checkout; and nothing of them is left."""
    before = set(offline_preview.PROJECTS.glob("*"))
    previews = [
        subprocess.Popen(
            [sys.executable, "-m", "automation", "preview", "--stack", stack],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for stack in ("dev", "dev")
    ]
    said = [preview.communicate(timeout=240)[0].splitlines()[-1] for preview in previews]
    assert [preview.returncode for preview in previews] == [0, 0], said
    assert said[0].split("s ", 1)[1] == said[1].split("s ", 1)[1]
    assert "to create" in said[0]
    assert set(offline_preview.PROJECTS.glob("*")) == before
