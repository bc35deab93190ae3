"""Programs from Debian's packages: what is missing is named, what is installed does no harm."""

from pathlib import Path
from typing import Any

import pytest

from automation import debian
from automation.errors import MissingToolError
from automation.tools_for import TEST_PROGRAMS


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One without any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(debian, "OUTSIDE_PATH", {})
    return tmp_path


def test_a_user_who_may_not_install_reads_all_packages_at_once(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "may_install", lambda: False)
    with pytest.raises(MissingToolError) as refused:
        debian.ensure(TEST_PROGRAMS, purpose="`make test`")
    assert "sudo apt-get install cloud-init curl haproxy iptables maven" in str(refused.value)


def test_cloud_init_is_switched_off_before_it_is_installed(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would set up this machine as a new server at its next boot."""
    off = bare_machine / "etc" / "cloud-init.disabled"
    installed: list[bool] = []

    def run(command: list[str], **_: Any) -> None:
        if "install" in command:
            installed.append(off.exists())

    monkeypatch.setattr(debian, "SWITCHED_OFF", {"cloud-init": off})
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "run", run)
    debian.ensure(["cloud-init"], purpose="`make test`")
    assert installed == [True]
