"""A real Pulumi engine with a local state, and the Docker provider of this project on its PATH."""

import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException

from tests.engine.aws_stack import AwsStack
from tests.engine.docker_stack import DockerStack
from tests.engine.doubles.aws.api import serving

ROOT = Path(__file__).resolve().parents[2]

CLI_CACHE = ROOT / ".cache" / "pulumi" / "bin"
"""Where the project's own scripts put the CLI when the machine has none."""


@pytest.fixture(scope="session")
def pulumi_cli() -> Path:
    """The Pulumi CLI: from PATH, else the one that `make setup` put into the cache."""
    found = shutil.which("pulumi") or shutil.which("pulumi", path=str(CLI_CACHE))
    if found is None:
        pytest.fail(f"there is no Pulumi CLI on PATH or in {CLI_CACHE}; `make setup` gets one")
    return Path(found).resolve()


@pytest.fixture(scope="session")
def docker_api() -> docker.APIClient:
    """Docker itself, to look past the provider."""
    try:
        client = docker.APIClient(version="auto")
        client.ping()
    except DockerException as cause:
        pytest.fail(f"Docker does not answer: {cause}")
    return client


@pytest.fixture(scope="session")
def provider_on_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the executable by which the engine finds the provider."""
    folder = tmp_path_factory.mktemp("provider")
    launcher = folder / "pulumi-resource-docker"
    launcher.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m providers.docker "$@"\n'
    )
    launcher.chmod(0o755)
    return folder


@pytest.fixture
def stack(
    tmp_path: Path,
    pulumi_cli: Path,
    provider_on_path: Path,
    docker_api: docker.APIClient,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DockerStack]:
    """An empty stack; what a test leaves in it, or in Docker under its prefix, is removed."""
    path = os.pathsep.join([str(provider_on_path), str(pulumi_cli.parent), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")
    made = DockerStack(tmp_path, f"sct-{uuid.uuid4().hex[:8]}", docker_api)
    yield made
    made.clear()


@pytest.fixture(scope="session")
def aws_double_on_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the engine starts: the double of AWS, and dynamic resources."""
    folder = tmp_path_factory.mktemp("aws-double")
    launch = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -u -m'
    double = "tests.engine.doubles.aws"
    for plugin, command in {
        "aws": f'{launch} {double} "$@"',
        "docker": f'export AWS_DOUBLE_PLUGIN=docker\n{launch} {double} "$@"',
        "pulumi-python": f'{launch} pulumi.dynamic "$@"',
    }.items():
        launcher = folder / f"pulumi-resource-{plugin}"
        launcher.write_text(f"#!/bin/sh\n{command}\n")
        launcher.chmod(0o755)
    return folder


@pytest.fixture
def aws_stack(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    pulumi_cli: Path,
    aws_double_on_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[AwsStack]:
    """An empty stack in an empty account of the double; `request.param` is its name."""
    path = os.pathsep.join([str(aws_double_on_path), str(pulumi_cli.parent), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")
    with serving(tmp_path / "account.json") as api:
        yield AwsStack(tmp_path, api, getattr(request, "param", "test"))
