"""The real plugin wherever it can be had; the stand-in only where it cannot."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from automation import plugins

MakePulumi = Callable[..., str]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "FOLDER", tmp_path / "providers")
    monkeypatch.setattr(plugins, "REFUSED", tmp_path / "refused")
    monkeypatch.setattr(plugins, "say", lambda *_: None)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.fixture
def make_pulumi(tmp_path: Path) -> MakePulumi:
    """A CLI in which the given plugins are installed and downloads end with the given code."""

    def make(*, installed: list[dict[str, str]], download_code: int = 1) -> str:
        cli = tmp_path / "cli" / "pulumi"
        cli.parent.mkdir(exist_ok=True)
        cli.write_text(
            "#!/bin/sh\n"
            f'echo "$*" >> {tmp_path}/calls\n'
            f"if [ \"$2\" = ls ]; then echo '{json.dumps(installed)}'; exit 0; fi\n"
            f"echo 'error: no such host' >&2; exit {download_code}\n"
        )
        cli.chmod(0o755)
        return str(cli)

    return make


def names(folders: list[Path]) -> set[str]:
    return {entry.name for folder in folders for entry in folder.iterdir()}


def test_an_installed_plugin_of_the_right_version_is_used(make_pulumi: MakePulumi) -> None:
    pulumi = make_pulumi(installed=[{"name": "docker", "version": plugins.docker_version()}])
    assert "pulumi-resource-docker" not in names(plugins.ensure(pulumi))


def test_an_installed_plugin_of_another_version_is_not_enough(make_pulumi: MakePulumi) -> None:
    pulumi = make_pulumi(installed=[{"name": "docker", "version": "1.0.0"}])
    assert "pulumi-resource-docker" in names(plugins.ensure(pulumi))


def test_a_plugin_that_can_be_downloaded_is_used(make_pulumi: MakePulumi) -> None:
    pulumi = make_pulumi(installed=[], download_code=0)
    assert "pulumi-resource-docker" not in names(plugins.ensure(pulumi))


def test_a_plugin_on_path_is_used(
    make_pulumi: MakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "bin"
    own.mkdir()
    (own / "pulumi-resource-docker").write_text("#!/bin/sh\n")
    (own / "pulumi-resource-docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{own}:{os.environ['PATH']}")
    assert "pulumi-resource-docker" not in names(plugins.ensure(make_pulumi(installed=[])))


def test_a_refused_download_is_not_tried_again_at_every_run(
    make_pulumi: MakePulumi, tmp_path: Path
) -> None:
    pulumi = make_pulumi(installed=[])
    plugins.ensure(pulumi)
    plugins.ensure(pulumi)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert sum("install" in call for call in calls) == 1


def test_the_launcher_of_dynamic_resources_starts_the_sdk(make_pulumi: MakePulumi) -> None:
    """The launcher is real: the SDK's server prints its port as its first line."""
    folders = plugins.ensure(make_pulumi(installed=[]))
    launcher = next(
        folder / name
        for folder in folders
        for name in ["pulumi-resource-pulumi-python"]
        if (folder / name).exists()
    )
    with subprocess.Popen([str(launcher), "127.0.0.1:1"], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        server.terminate()
    assert 0 < port < 65536
