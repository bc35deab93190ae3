"""A colour goes when nobody is held on it, whatever the clock says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release.evidence import Use, why_kept
from tests.engine.doubles.aws.visitors import Balancer

HOUR = 3600.0
DAY = 24 * HOUR


def use(balancer: Balancer, colour: str) -> Use:
    return Use(last_request_s=balancer.unused_s(colour), seen_s=balancer.now_s)


def switched(stickiness_s: float) -> Balancer:
    """A clerk is on blue, and new visitors get green."""
    balancer = Balancer(stickiness_s=stickiness_s, weights={"blue": 100, "green": 0})
    assert balancer.ask("clerk") == "blue"
    balancer.weights = {"blue": 0, "green": 100}
    return balancer


def test_who_comes_every_morning_never_leaves_with_a_cookie_of_a_day() -> None:
    """A week after the switch the clerk is on blue still: its time began anew each morning."""
    balancer = switched(DAY)
    for _ in range(7):
        balancer.now_s += DAY - HOUR
        assert balancer.ask("clerk") == "blue"
        assert not use(balancer, "blue").is_left(DAY)


def test_a_night_empties_a_colour_with_a_cookie_of_a_session() -> None:
    balancer = switched(HOUR)
    for _ in range(16):
        balancer.now_s += HOUR / 2
        assert balancer.ask("clerk") == "blue"
    balancer.now_s += 13 * HOUR
    assert use(balancer, "blue").is_left(HOUR)
    assert balancer.ask("clerk") == "green"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 2 * HOUR), st.sampled_from(["ann", "ben", "cleo"])), max_size=30
    ),
    st.floats(60, 2 * HOUR),
    st.floats(0, 3 * HOUR),
)
def test_a_colour_that_is_left_holds_nobody(
    visits: list[tuple[float, str]], stickiness_s: float, quiet_s: float
) -> None:
    balancer = switched(stickiness_s)
    for pause_s, visitor in visits:
        balancer.now_s += pause_s
        balancer.ask(visitor)
    balancer.now_s += quiet_s
    if use(balancer, "blue").is_left(stickiness_s):
        assert balancer.held("blue") == set()


def test_what_may_not_have_been_reported_yet_counts_as_used() -> None:
    late = Use(last_request_s=3700, seen_s=4200, unseen_s=300)
    assert not late.is_left(3600)
    assert Use(last_request_s=3900, seen_s=4200, unseen_s=300).is_left(3600)


def test_nothing_seen_for_too_short_a_time_is_no_evidence() -> None:
    """A balancer that was started ten minutes ago knows nothing of the hour before."""
    assert not Use(last_request_s=None, seen_s=600).is_left(3600)
    assert Use(last_request_s=None, seen_s=3600).is_left(3600)


def test_a_request_under_way_is_use() -> None:
    assert not Use(last_request_s=7200, seen_s=9000, under_way=1).is_left(3600)


def test_the_refusal_says_what_was_seen_and_from_when_it_may_go() -> None:
    said = why_kept("blue", Use(last_request_s=1200, seen_s=4200), 3600)
    assert said.startswith(
        "blue is still used (last request 20 min ago), and visitors stay on it for 60 min after "
        "each request: it may go when it had none for so long, in 40 min at the earliest."
    )
    with pytest.raises(ValueError, match="is left"):
        why_kept("blue", Use(last_request_s=3600, seen_s=4200), 3600)
