"""A preview without an account of AWS: it shows everything and can make nothing."""

import os
from pathlib import Path

import pytest
from pulumi_aws import ec2

from automation import offline_preview
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
