"""A password is drawn once."""

import re

import pytest

from components.generated.password import (
    DEFAULT_LENGTH,
    GeneratedPassword,
    GeneratedPasswordProvider,
)
from tests.support.recorder import record


@pytest.fixture
def provider() -> GeneratedPasswordProvider:
    return GeneratedPasswordProvider()


@pytest.mark.parametrize("length", [1, 16, DEFAULT_LENGTH, 200])
def test_the_password_has_the_length_asked_for(
    provider: GeneratedPasswordProvider, length: int
) -> None:
    """Numbers arrive as floats from the engine, and the length counts characters."""
    created = provider.create({"length": float(length)})

    assert created.outs is not None
    assert len(created.outs["value"]) == length
    assert re.fullmatch(r"[A-Za-z0-9_-]+", created.outs["value"])


def test_no_two_passwords_are_alike(provider: GeneratedPasswordProvider) -> None:
    """Neither the values nor the ids repeat."""
    created = [provider.create({"length": 32}) for _ in range(50)]

    assert len({str((each.outs or {})["value"]) for each in created}) == 50
    assert len({each.id for each in created}) == 50


def test_the_id_tells_nothing_of_the_password(provider: GeneratedPasswordProvider) -> None:
    """Ids stand in clear in the state."""
    created = provider.create({"length": 32})

    assert created.outs is not None
    assert created.id not in created.outs["value"]
    assert created.outs["value"] not in created.id


@pytest.mark.parametrize(
    ("old", "new", "replaced"), [(32, 32, False), (32, 16, False), (32, 33, True)]
)
def test_only_a_longer_demand_draws_another(
    provider: GeneratedPasswordProvider, old: int, new: int, replaced: bool
) -> None:
    """A database was made with the old one: it is not thrown away for being longer than needed."""
    difference = provider.diff("id", {"length": old, "value": "x"}, {"length": new})

    assert difference.changes is replaced
    assert difference.replaces == (["length"] if replaced else [])


def test_the_value_is_a_secret_of_the_resource_and_of_whoever_uses_it() -> None:
    """It is marked in the state, and an input made from it arrives as a secret."""

    def program() -> None:
        first = GeneratedPassword("first")
        GeneratedPassword("second", length=first.value.apply(len))  # type: ignore[arg-type] # an Output stands for any input

    recording = record(program)

    first = recording.named("GeneratedPassword", "first")
    assert "value" in first.additional_secret_outputs
    assert recording.named("GeneratedPassword", "second").is_secret("length")
