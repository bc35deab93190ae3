"""One answer to "which Docker engine", in the order of Docker's own CLI."""

import hashlib
import json
from pathlib import Path

import pytest

from contract.docker_endpoint import SOCKET, UnusableContextError, docker_endpoint


@pytest.fixture
def configuration(tmp_path: Path) -> dict[str, str]:
    """Docker's configuration with two contexts, of which `colima` is active."""
    context(tmp_path, "colima", "unix:///home/anna/.colima/docker.sock")
    context(tmp_path, "far", "tcp://far.example.com:2376")
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "colima"}))
    return {"DOCKER_CONFIG": str(tmp_path), "HOME": "/nonexistent"}


def context(folder: Path, name: str, host: str, *, skip_verify: bool = False) -> Path:
    """A context as `docker context create` writes it; returns where its certificates go."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "contexts" / "meta" / digest
    meta.mkdir(parents=True)
    endpoint = {"Host": host, "SkipTLSVerify": skip_verify}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": endpoint}}))
    return folder / "contexts" / "tls" / digest / "docker"


def test_the_variable_wins_and_brings_its_certificates(configuration: dict[str, str]) -> None:
    own = {"DOCKER_HOST": "tcp://10.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/c"}
    found = docker_endpoint({**configuration, "DOCKER_CONTEXT": "far", **own})

    assert found.variables() == own
    assert not found.by_context


def test_then_the_context_that_is_named(configuration: dict[str, str]) -> None:
    found = docker_endpoint({**configuration, "DOCKER_CONTEXT": "far"})

    assert found.variables() == {"DOCKER_HOST": "tcp://far.example.com:2376"}
    assert found.chosen_by == "DOCKER_CONTEXT=far"


def test_then_the_active_context(configuration: dict[str, str]) -> None:
    found = docker_endpoint(configuration)

    assert found.host == "unix:///home/anna/.colima/docker.sock"
    assert found.chosen_by == "the active Docker context colima"


@pytest.mark.parametrize("written", [None, "{}", "no JSON", '{"currentContext": "default"}'])
def test_then_the_local_engine(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "config.json").write_text(written)
    found = docker_endpoint({"DOCKER_CONFIG": str(tmp_path)})

    assert (found.host, found.is_local_default) == (SOCKET, True)


def test_the_name_default_is_the_local_engine(configuration: dict[str, str]) -> None:
    found = docker_endpoint({**configuration, "DOCKER_CONTEXT": "default"})

    assert (found.host, found.is_local_default) == (SOCKET, True)


@pytest.mark.parametrize(
    ("skip_verify", "switch"), [(False, {"DOCKER_TLS_VERIFY": "1"}), (True, {"DOCKER_TLS": "1"})]
)
def test_a_contexts_certificates_come_with_it(
    tmp_path: Path, skip_verify: bool, switch: dict[str, str]
) -> None:
    certificates = context(tmp_path, "far", "tcp://far:2376", skip_verify=skip_verify)
    certificates.mkdir(parents=True)
    found = docker_endpoint({"DOCKER_CONFIG": str(tmp_path), "DOCKER_CONTEXT": "far"})

    assert found.tls == {"DOCKER_CERT_PATH": str(certificates), **switch}


@pytest.mark.parametrize("way", ["variable", "active"])
def test_a_context_that_does_not_exist_is_named(tmp_path: Path, way: str) -> None:
    environ = {"DOCKER_CONFIG": str(tmp_path)}
    if way == "variable":
        environ["DOCKER_CONTEXT"] = "gone"
    else:
        (tmp_path / "config.json").write_text('{"currentContext": "gone"}')

    with pytest.raises(UnusableContextError, match=r"gone: this Docker context does not exist"):
        docker_endpoint(environ)


def test_what_names_another_engine_goes_from_the_environment(
    configuration: dict[str, str],
) -> None:
    """A program that reads the context as well would find another engine than one that does not."""
    environ = {**configuration, "DOCKER_CONTEXT": "far", "DOCKER_CERT_PATH": "/old", "KEPT": "yes"}

    assert docker_endpoint(environ).laid_over(environ) == {
        **configuration,
        "KEPT": "yes",
        "DOCKER_HOST": "tcp://far.example.com:2376",
    }
