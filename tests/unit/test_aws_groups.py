"""Groups of servers, and who gets the new visitors."""

from typing import Any

from settings.aws.groups import ServerGroup, active_group, server_groups
from settings.aws.settings import AwsSettings
from settings.release import other
from tests.support.aws_settings import IMAGE, OTHER_IMAGE, aws_settings


def bluegreen(**release: Any) -> AwsSettings:
    return aws_settings(
        release={"mode": "bluegreen", "blue": {"image": IMAGE}, **release},
        balancer={"stickinessS": 3600},
    )


def test_a_rolling_stack_has_one_group_with_the_sizes_of_its_servers() -> None:
    stack = aws_settings(servers={"min": 2, "max": 3})
    assert server_groups(stack) == (
        ServerGroup(colour="blue", image=None, min=2, max=3, desired=2, active=True, weight=100),
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


def test_a_canary_is_a_share_of_the_new_visitors() -> None:
    """5, 50, and then the other way round."""
    for percent in (5, 50):
        blue, green = server_groups(bluegreen(green={"image": OTHER_IMAGE}, canaryPercent=percent))
        assert (blue.weight, green.weight) == (100 - percent, percent)
