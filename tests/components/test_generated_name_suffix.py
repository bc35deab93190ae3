"""An ending is drawn once and fits every name."""

import re

from components.generated.name_suffix import NameSuffix, NameSuffixProvider
from tests.support.recorder import record


def test_no_two_endings_are_alike_and_each_fits_every_name() -> None:
    values = [str((NameSuffixProvider().create({}).outs or {})["value"]) for _ in range(50)]

    assert len(set(values)) == 50
    assert all(re.fullmatch(r"[0-9a-f]{8}", value) for value in values)


def test_it_is_never_drawn_again() -> None:
    """A name that changes replaces what has it."""
    assert NameSuffixProvider().diff("id", {"value": "01234567"}, {"value": None}).changes is False


def test_it_is_no_secret() -> None:
    """It stands in names, which everybody reads."""

    def program() -> None:
        NameSuffix("suffix")

    recording = record(program)
    [made] = recording.of_type("NameSuffix")

    assert not made.additional_secret_outputs
    assert not made.is_secret("value")
