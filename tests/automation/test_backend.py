"""Whose state is used: the person's own choice where there is one, else a folder of ours."""

from pathlib import Path

import pytest

from automation import paths
from automation.backend import LOCAL_PASSPHRASE, backend, make_our_folder
from automation.errors import NoStateChosenError


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "STATE", tmp_path / ".state")
    return tmp_path / ".state"


def test_the_persons_own_backend_and_passphrase_win(state: Path) -> None:
    own = {"PULUMI_BACKEND_URL": "file:///elsewhere", "PULUMI_CONFIG_PASSPHRASE_FILE": "/p"}
    assert backend("docker", own) == {}
    make_our_folder(own)
    assert not state.exists()


@pytest.mark.parametrize("environ", [{}, {"PULUMI_BACKEND_URL": ""}])
def test_without_a_choice_state_is_private_to_its_owner(
    environ: dict[str, str], state: Path
) -> None:
    """An empty variable, as a pipeline sets it, does not send the state to the log-in for AWS."""
    chosen = backend("docker", environ)
    assert chosen["PULUMI_BACKEND_URL"] == state.as_uri()
    assert chosen["PULUMI_CONFIG_PASSPHRASE"] == LOCAL_PASSPHRASE
    assert not state.exists()
    make_our_folder(environ)
    assert state.stat().st_mode & 0o777 == 0o700


def test_a_stack_on_aws_is_where_pulumi_itself_looks(tmp_path: Path) -> None:
    """Neither our folder nor the passphrase of trials gets between."""
    logged_in = {"PULUMI_HOME": str(tmp_path)}
    (tmp_path / "credentials.json").write_text('{"current": "s3://acme-state"}')
    assert backend("aws", logged_in) == {}
    assert backend("aws", {"PULUMI_BACKEND_URL": "s3://acme-state"}) == {}


def test_without_a_log_in_there_is_no_state_for_aws(tmp_path: Path) -> None:
    with pytest.raises(NoStateChosenError, match="pulumi login"):
        backend("aws", {"PULUMI_HOME": str(tmp_path)})
