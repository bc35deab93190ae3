"""A state's mark is drawn once, and everything that it makes in Docker carries it."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from components.generated.state_mark import StateMarkProvider
from contract.state_place import shown, state_place
from tests.components.rules import or_none
from tests.support.recorder import Recording

MADE_IN_DOCKER = (":Container", ":Network", ":Volume")


def test_no_two_states_have_one_mark() -> None:
    drawn = {(StateMarkProvider().create({}).outs or {})["value"] for _ in range(50)}

    assert len(drawn) == 50


def test_it_is_never_drawn_again() -> None:
    """Another mark would make everything of this state another's."""
    assert StateMarkProvider().diff("id", {"value": "0123"}, {"value": None}).changes is False


def test_it_notes_where_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://key:word@acme-state/erp?region=eu-central-1")

    outs = StateMarkProvider().create({}).outs or {}

    assert outs["place"] == "s3://acme-state/erp"
    assert datetime.fromisoformat(outs["made"]).tzinfo is not None


@pytest.mark.parametrize("kind", MADE_IN_DOCKER)
def test_everything_in_docker_carries_it(kind: str, erp: Recording) -> None:
    """Beside the cluster's name, which two states may share."""
    [mark] = erp.of_type("StateMark")
    for each in erp.of_type(kind):
        labels = {label["label"]: label["value"] for label in or_none(each.inputs, "labels") or []}
        assert labels["scipio.cluster"] == "scipio-local", each.name
        assert labels["scipio.state"] == mark.outputs["value"], each.name
        assert labels["scipio.state.place"] == mark.outputs["place"], each.name
        assert labels["scipio.state.made"] == mark.outputs["made"], each.name


def test_labels_of_another_version_never_replace_a_volume(erp: Recording) -> None:
    """Docker cannot change them in place, and with the volume its data would go."""
    for volume in erp.of_type("Volume"):
        assert volume.ignore_changes == {"labels"}, volume.name


def test_a_log_in_is_a_place_too(tmp_path: Path) -> None:
    assert state_place({"PULUMI_HOME": str(tmp_path)}) == "an unknown place"
    noted = {"current": "gs://acme-state", "accounts": {}}
    (tmp_path / "credentials.json").write_text(json.dumps(noted))
    assert state_place({"PULUMI_HOME": str(tmp_path)}) == "gs://acme-state"
    own = {"PULUMI_HOME": str(tmp_path), "PULUMI_BACKEND_URL": "https://anna:key@pulumi.acme.com"}
    assert state_place(own) == "https://pulumi.acme.com"


def test_a_folder_is_shown_with_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine may be used from two of them."""
    monkeypatch.setattr("socket.gethostname", lambda: "build-7")
    monkeypatch.setattr("contract.state_place.home", lambda _: Path("/home/anna"))

    assert shown("file:///srv/erp/.state") == "file:///srv/erp/.state on build-7"
    assert shown("file://~/states") == "file:///home/anna/states on build-7"
