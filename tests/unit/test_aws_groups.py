"""Groups of servers, and when the old colour may go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.aws.groups import ServerGroup, active_group, server_groups
from settings.aws.settings import AwsSettings
from settings.errors import SettingsError
from settings.release import may_drop_from, other
from settings.release_guard import refuse_early_drop
from tests.support.aws_settings import IMAGE, OTHER_IMAGE, aws_settings

SWITCHED = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def bluegreen(**release: Any) -> AwsSettings:
    return aws_settings(
        release={"mode": "bluegreen", "blue": {"image": IMAGE}, **release},
        balancer={"stickinessS": 3600},
    )


def test_a_rolling_stack_has_one_group_with_the_sizes_of_its_servers() -> None:
    stack = aws_settings(servers={"min": 2, "max": 3})
    assert server_groups(stack) == (
        ServerGroup(colour="blue", image=None, min=2, max=3, desired=2, active=True),
    )


def test_a_release_names_its_colours_in_one_order() -> None:
    release = bluegreen(active="green", green={"image": OTHER_IMAGE}).release
    assert [(name, colour.image) for name, colour in release.colours()] == [
        ("blue", IMAGE),
        ("green", OTHER_IMAGE),
    ]
    assert [
        name for name, _ in bluegreen(blue=None, green={}, active="green").release.colours()
    ] == ["green"]


def test_a_change_of_mode_changes_no_group() -> None:
    rolling = aws_settings()
    assert server_groups(rolling) == server_groups(aws_settings(release={"mode": "bluegreen"}))


def test_a_colour_says_what_differs_and_the_servers_the_rest() -> None:
    stack = bluegreen(
        active="green", blue={"image": IMAGE, "min": 1, "max": 1}, green={"image": OTHER_IMAGE}
    )
    blue, green = server_groups(stack)
    assert (blue.min, blue.max, blue.desired, blue.image) == (1, 1, 1, IMAGE)
    assert (green.min, green.max, green.desired, green.image) == (2, 4, 2, OTHER_IMAGE)
    assert (blue.weight, green.weight) == (0, 100)
    assert active_group(stack) == green


def test_all_new_visitors_go_to_the_active_colour() -> None:
    for active in ("blue", "green"):
        stack = bluegreen(active=active, green={"image": OTHER_IMAGE})
        assert sum(group.weight for group in server_groups(stack)) == 100
    assert other(other("blue")) == "blue"


def test_the_old_colour_may_go_when_the_stickiness_is_over() -> None:
    stack = bluegreen(active="green", green={"image": OTHER_IMAGE}, switchedAt="2026-11-24T14:30Z")
    assert may_drop_from(stack) == SWITCHED + timedelta(hours=1)
    assert may_drop_from(bluegreen()) is None


def dropped(**release: Any) -> AwsSettings:
    """Green is active since `SWITCHED`, and blue is gone."""
    given = {"active": "green", "blue": None, "green": {"image": OTHER_IMAGE}, **release}
    return bluegreen(**given)


def test_an_early_drop_is_refused_with_the_time_from_which_it_is_none() -> None:
    stack = dropped(switchedAt="2026-11-24T14:30Z")
    with pytest.raises(SettingsError) as caught:
        refuse_early_drop(stack, now=SWITCHED + timedelta(minutes=59), where="stack x")
    assert str(caught.value).splitlines()[1] == (
        "  - release.blue: blue was switched away from at 2026-11-24T14:30Z, and visitors stay on "
        "it for stickinessS 3600: until 2026-11-24T15:30Z. Keep release.blue until then, or set "
        "release.dropEarly to true: who is still on it gets errors."
    )


@given(st.integers(0, 10**6))
def test_a_drop_is_refused_exactly_while_the_stickiness_lasts(seconds: int) -> None:
    stack = dropped(switchedAt="2026-11-24T14:30Z")
    now = SWITCHED + timedelta(seconds=seconds)
    if seconds < 3600:
        with pytest.raises(SettingsError):
            refuse_early_drop(stack, now=now, where="stack x")
    else:
        refuse_early_drop(stack, now=now, where="stack x")


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(dropped(switchedAt="2026-11-24T14:30Z", dropEarly=True), id="told to"),
        pytest.param(dropped(), id="never switched"),
        pytest.param(
            dropped(switchedAt="2026-11-24T14:30Z", blue={"image": IMAGE}), id="not dropped"
        ),
    ],
)
def test_no_drop_is_refused_that_is_none_or_is_wanted(stack: AwsSettings) -> None:
    refuse_early_drop(stack, now=SWITCHED, where="stack x")
