"""The engine's events as lines for a person."""

from typing import Any

import pytest
from pulumi.automation import EngineEvent

from automation import progress
from automation.progress import Progress

URN = "urn:pulumi:local::scipio::scipio:docker:AppNodes$docker:index/container:Container::node-1"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(progress, "say", lambda sentence, **_: lines.append(sentence))
    return lines


def event(**content: Any) -> EngineEvent:
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, **content})


def step(op: str, kind: str = "resOutputsEvent") -> EngineEvent:
    return event(**{kind: {"metadata": {"op": op, "urn": URN, "type": "t", "provider": "p"}}})


def diagnostic(message: str, severity: str = "info", urn: str = URN) -> EngineEvent:
    content = {"message": message, "color": "", "severity": severity, "urn": urn}
    return event(diagnosticEvent=content)


def test_a_creation_is_one_line_with_type_and_name(said: list[str]) -> None:
    shown = Progress()
    shown.on_event(step("create", "resourcePreEvent"))
    shown.on_event(step("create"))
    assert len(said) == 1
    assert said[0].startswith("created Container node-1 (")


def test_a_preview_says_what_would_be(said: list[str]) -> None:
    Progress(planned=True).on_event(step("create-replacement"))
    assert said == ["would create-replacement Container node-1"]


def test_what_stays_as_it_is_gets_no_line(said: list[str]) -> None:
    Progress().on_event(step("same"))
    assert said == []


def test_a_failure_is_said_at_once(said: list[str]) -> None:
    Progress().on_event(step("create", "resOpFailedEvent"))
    assert said == ["FAILED create Container node-1"]


def test_every_line_of_a_diagnostic_names_its_resource(said: list[str]) -> None:
    Progress().on_event(diagnostic("<{%reset%}>Step 1/4\nStep 2/4<{%reset%}>"))
    assert said == ["  Container node-1: Step 1/4", "  Container node-1: Step 2/4"]


def test_errors_are_kept_for_the_end(said: list[str]) -> None:
    shown = Progress()
    shown.on_event(diagnostic("no space", severity="error"))
    assert shown.errors == ["no space"]
    assert said == []


def test_warnings_about_plugins_on_path_are_noise(said: list[str]) -> None:
    Progress().on_event(
        diagnostic("using pulumi-resource-docker from $PATH at /x", severity="warning", urn="")
    )
    assert said == []


def test_silence_is_broken_by_what_is_under_way(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "STILL_EVERY_S", 0.0)
    with Progress() as shown:
        shown.on_event(step("create", "resourcePreEvent"))
        assert shown._watch is not None
        shown._over.wait(1.5)
    assert any(line.startswith("… still at Container node-1 (") for line in said)
