"""What a killed update leaves in the state folder is mended; what a living one holds stays."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from automation import state_files
from automation.state_files import is_pulumi_at_work, mend
from tests.support.server_process import wait_until

CHECKPOINT = {"version": 3, "checkpoint": {"stack": "local"}}


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    folder = tmp_path / ".pulumi" / "stacks" / "scipio"
    folder.mkdir(parents=True)
    (folder / "local.json").write_text(json.dumps(CHECKPOINT))
    (folder / "local.json.attrs").write_text('{"md5": "x"}')
    (folder / "local.json.bak").write_text('{"version": 2}')
    return folder


@pytest.fixture
def locks(tmp_path: Path) -> Path:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "scipio" / "local"
    folder.mkdir(parents=True)
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_whole_files_stay_as_they_are(stacks: Path, tmp_path: Path) -> None:
    before = contents(stacks)
    mend(tmp_path)
    assert contents(stacks) == before


@pytest.mark.parametrize("left", ["", '{"user.cache_control":"", "us'])
def test_attributes_that_were_cut_off_go(stacks: Path, tmp_path: Path, left: str) -> None:
    (stacks / "local.json.attrs").write_text(left)
    (stacks / "local.json.bak.attrs").write_text(left)
    mend(tmp_path)
    assert sorted(contents(stacks)) == ["local.json", "local.json.bak"]
    assert json.loads((stacks / "local.json").read_text()) == CHECKPOINT


def test_half_a_checkpoint_is_restored_from_its_backup(stacks: Path, tmp_path: Path) -> None:
    (stacks / "local.json").write_text('{"version": 3, "che')
    mend(tmp_path)
    assert (stacks / "local.json").read_text() == '{"version": 2}'


def test_half_a_checkpoint_without_a_backup_is_left_for_a_person(
    stacks: Path, tmp_path: Path
) -> None:
    (stacks / "local.json").write_text("{")
    (stacks / "local.json.bak").unlink()
    mend(tmp_path)
    assert (stacks / "local.json").read_text() == "{"


def test_a_folder_without_any_state_is_fine(tmp_path: Path) -> None:
    mend(tmp_path)
    assert list(tmp_path.iterdir()) == []


def stat(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text()


def write_lock(folder: Path, pid: int, host: str) -> Path:
    lock = folder / "lock.json"
    lock.write_text(json.dumps({"pid": pid, "hostname": host, "username": "u"}))
    return lock


@pytest.fixture
def pulumi(tmp_path: Path) -> Path:
    """A program of that name which does nothing for a minute."""
    found = shutil.which("sleep")
    assert found is not None
    program = tmp_path / "pulumi"
    shutil.copy(found, program)
    return program


def test_the_lock_of_a_dead_update_is_freed(locks: Path, tmp_path: Path, pulumi: Path) -> None:
    with subprocess.Popen([pulumi, "0"]) as dead:
        dead.wait()
    lock = write_lock(locks, dead.pid, socket.gethostname())
    mend(tmp_path)
    assert not lock.exists()


def test_the_lock_of_a_killed_update_that_nobody_waited_for_is_freed(
    locks: Path, tmp_path: Path, pulumi: Path
) -> None:
    """Its process is there as long as whoever should wait for it takes his time."""
    with subprocess.Popen([pulumi, "60"]) as killed:
        killed.kill()
        wait_until("it is a zombie", lambda: ") Z " in stat(killed.pid), within_s=10)
        lock = write_lock(locks, killed.pid, socket.gethostname())
        mend(tmp_path)
    assert not lock.exists()


def test_the_lock_of_a_living_update_stays(locks: Path, tmp_path: Path, pulumi: Path) -> None:
    with subprocess.Popen([pulumi, "60"]) as lives:
        wait_until("it has its name", lambda: "(pulumi)" in stat(lives.pid), within_s=10)
        lock = write_lock(locks, lives.pid, socket.gethostname())
        mend(tmp_path)
        lives.kill()
    assert lock.exists()


def test_the_lock_of_a_process_whose_id_another_one_has_now_is_freed(
    locks: Path, tmp_path: Path
) -> None:
    lock = write_lock(locks, os.getpid(), socket.gethostname())
    mend(tmp_path)
    assert not lock.exists()


def test_a_lock_that_was_cut_off_is_freed(locks: Path, tmp_path: Path) -> None:
    """Pulumi renames a lock into its place: half of one is what a lost power left."""
    lock = locks / "lock.json"
    lock.write_text('{"pid": 12')
    mend(tmp_path)
    assert not lock.exists()


def test_the_lock_of_another_machine_stays(locks: Path, tmp_path: Path) -> None:
    lock = write_lock(locks, 1, "elsewhere.example")
    mend(tmp_path)
    assert lock.exists()


def test_without_proc_as_on_macos_ps_is_asked(
    pulumi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_files, "PROC", tmp_path / "none")
    with subprocess.Popen([pulumi, "60"]) as lives:
        wait_until("it has its name", lambda: "(pulumi)" in stat(lives.pid), within_s=10)
        assert is_pulumi_at_work(lives.pid)
        lives.kill()
    assert not is_pulumi_at_work(lives.pid)
    assert not is_pulumi_at_work(os.getpid())


def test_a_process_that_cannot_be_looked_at_may_be_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock stays."""
    monkeypatch.setattr(state_files, "PROC", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert is_pulumi_at_work(os.getpid())
