"""The page of a maintenance, and what is refused of one."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.routing import MAINTENANCE_PAGE_MAX_LENGTH
from settings.maintenance import Maintenance, maintenance_rule, page, unusable


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_the_page_shows_the_text_as_it_is(text: str) -> None:
    shown = page(text)
    assert unescape(shown).count(text) >= 1
    assert shown.count("<") == page("x").count("<")


def test_offices_are_still_in_unless_others_are_named() -> None:
    offices = ("203.0.113.0/24",)
    own = Maintenance(text="Soon.", still_in=("192.0.2.0/24",))
    found = maintenance_rule(Maintenance(text="Soon."), offices)
    assert found is not None
    assert found.still_in == offices
    found = maintenance_rule(own, offices)
    assert found is not None
    assert found.still_in == ("192.0.2.0/24",)
    assert maintenance_rule(None, offices) is None


@pytest.mark.parametrize(
    ("maintenance", "said"),
    [
        (Maintenance(text="x" * MAINTENANCE_PAGE_MAX_LENGTH), "bytes too long"),
        (Maintenance(text="Soon.", still_in=("300.0.0.0/8",)), "is no block"),
        (Maintenance(text="Soon.", still_in=("203.0.113.7/24",)), "not its first address"),
    ],
)
def test_what_no_balancer_takes_is_a_fault(maintenance: Maintenance, said: str) -> None:
    [fault] = unusable(maintenance)
    assert said in fault.problem


def test_a_usable_one_has_no_fault() -> None:
    assert unusable(Maintenance(text="Soon.", still_in=("203.0.113.7/32",))) == []
    assert unusable(None) == []
